import com.sun.source.tree.*;
import com.sun.source.util.*;
import java.nio.file.*;
import java.util.*;
import javax.tools.*;

/** Prints name and zero-based first line of every function in the files given: what javac's own parser finds. */
public class Functions {
  public static void main(String[] paths) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null);
    Set<String> broken = new HashSet<>();
    DiagnosticListener<JavaFileObject> listener = diagnostic -> {
      if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
        broken.add(Paths.get(diagnostic.getSource().toUri()).toString());
      }
    };
    JavacTask task =
        (JavacTask) compiler.getTask(null, manager, listener, List.of("-proc:none"), null, manager.getJavaFileObjects(paths));
    SourcePositions positions = Trees.instance(task).getSourcePositions();
    Iterable<? extends CompilationUnitTree> units = task.parse();
    for (CompilationUnitTree unit : units) {
      String path = Paths.get(unit.getSourceFile().toUri()).toString();
      if (broken.contains(path)) {
        continue;
      }
      System.out.println(path + "\t\t0");
      new TreeScanner<Void, String>() {
        @Override
        public Void visitClass(ClassTree node, String outer) {
          return super.visitClass(node, node.getSimpleName().toString());
        }

        @Override
        public Void visitMethod(MethodTree node, String owner) {
          String name = node.getName().toString();
          print(name.equals("<init>") ? owner : name, node);
          return super.visitMethod(node, owner);
        }

        @Override
        public Void visitVariable(VariableTree node, String owner) {
          if (node.getInitializer() instanceof LambdaExpressionTree) {
            print(node.getName().toString(), node);
          }
          return super.visitVariable(node, owner);
        }

        private void print(String name, Tree node) {
          long line = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, node));
          System.out.println(path + "\t" + name + "\t" + (line - 1));
        }
      }.scan(unit, "");
    }
  }
}
