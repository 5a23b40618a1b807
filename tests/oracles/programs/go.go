// Prints what Go's own parser finds: functions, methods of interfaces and function literals bound to a name.
package main

import (
	"bufio"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
)

type function struct {
	Name  string  `json:"name"`
	Line  int     `json:"name_line"`
	Start int     `json:"start_line"`
	End   int     `json:"end_line"`
	Doc   *string `json:"doc"`
}

type file struct {
	Path      string     `json:"path"`
	Functions []function `json:"functions"`
}

type finder struct {
	files *token.FileSet
	found []function
}

func (f *finder) line(position token.Pos) int {
	// Without the positions that //line comments claim.
	return f.files.PositionFor(position, false).Line - 1
}

func (f *finder) add(name string, at ast.Node, whole ast.Node, doc *ast.CommentGroup) {
	var text *string
	if doc != nil {
		words := doc.Text()
		text = &words
	}
	f.found = append(f.found, function{name, f.line(at.Pos()), f.line(whole.Pos()), f.line(whole.End() - 1), text})
}

func (f *finder) addBound(left []ast.Expr, right []ast.Expr, whole ast.Node) {
	for i, value := range right {
		if _, ok := value.(*ast.FuncLit); !ok || i >= len(left) {
			continue
		}
		switch target := left[i].(type) {
		case *ast.Ident:
			f.add(target.Name, target, whole, nil)
		case *ast.SelectorExpr:
			f.add(target.Sel.Name, target.Sel, whole, nil)
		case *ast.IndexExpr:
			if key, ok := target.Index.(*ast.BasicLit); ok && key.Kind == token.STRING {
				f.addKey(key, whole)
			}
		}
	}
}

func (f *finder) addKey(key ast.Expr, whole ast.Node) {
	switch key := key.(type) {
	case *ast.Ident:
		f.add(key.Name, key, whole, nil)
	case *ast.BasicLit:
		if name, err := strconv.Unquote(key.Value); err == nil && key.Kind == token.STRING {
			f.add(name, key, whole, nil)
		}
	}
}

func (f *finder) addVariables(declaration *ast.GenDecl) {
	for _, spec := range declaration.Specs {
		values, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		var whole ast.Node = values
		if !declaration.Lparen.IsValid() {
			whole = declaration
		}
		names := make([]ast.Expr, len(values.Names))
		for i, name := range values.Names {
			names[i] = name
		}
		f.addBound(names, values.Values, whole)
	}
}

// Visit adds what the node declares.
func (f *finder) Visit(node ast.Node) ast.Visitor {
	switch node := node.(type) {
	case *ast.FuncDecl:
		f.add(node.Name.Name, node.Name, node, node.Doc)
	case *ast.InterfaceType:
		for _, member := range node.Methods.List {
			if _, ok := member.Type.(*ast.FuncType); ok && len(member.Names) > 0 {
				f.add(member.Names[0].Name, member.Names[0], member, member.Doc)
			}
		}
	case *ast.GenDecl:
		f.addVariables(node)
	case *ast.AssignStmt:
		f.addBound(node.Lhs, node.Rhs, node)
	case *ast.KeyValueExpr:
		if _, ok := node.Value.(*ast.FuncLit); ok {
			f.addKey(node.Key, node)
		}
	}
	return f
}

func main() {
	paths := bufio.NewScanner(os.Stdin)
	output := json.NewEncoder(os.Stdout)
	for paths.Scan() {
		files := token.NewFileSet()
		tree, err := parser.ParseFile(files, paths.Text(), nil, parser.ParseComments)
		if err != nil {
			continue
		}
		finder := &finder{files: files, found: []function{}}
		ast.Walk(finder, tree)
		output.Encode(file{paths.Text(), finder.found})
	}
}
