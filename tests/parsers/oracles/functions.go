// Prints name and zero-based line of every function and method in the files given: what Go's own parser finds.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
)

func main() {
	for _, path := range os.Args[1:] {
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			continue
		}
		fmt.Printf("%s\t\t0\n", path)
		for _, declaration := range file.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok {
				fmt.Printf("%s\t%s\t%d\n", path, function.Name.Name, files.PositionFor(function.Name.Pos(), false).Line-1)
			}
		}
	}
}
