import com.sun.source.tree.*;
import com.sun.source.util.*;
import com.sun.tools.javac.tree.JCTree;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import javax.tools.*;

/** Prints what javac's own parser finds: methods, constructors and lambdas bound to a name. */
public class Java {
  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

  public static void main(String[] none) throws Exception {
    StandardJavaFileManager manager = COMPILER.getStandardFileManager(null, null, StandardCharsets.UTF_8);
    PrintStream output = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    for (String path : new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
      List<String> functions = functions(manager, path);
      if (functions != null) {
        output.println("{\"path\": " + quoted(path) + ", \"functions\": [" + String.join(", ", functions) + "]}");
      }
    }
    output.flush();
  }

  /** Returns the functions of a file, null where it has errors. */
  private static List<String> functions(StandardJavaFileManager manager, String path) throws IOException {
    boolean[] isBroken = {false};
    DiagnosticListener<JavaFileObject> listener = told -> isBroken[0] |= told.getKind() == Diagnostic.Kind.ERROR;
    JavacTask task = (JavacTask) COMPILER.getTask(
        null, manager, listener, List.of("-proc:none"), null, manager.getJavaFileObjects(path));
    Finder finder = new Finder(DocTrees.instance(task));
    for (CompilationUnitTree unit : task.parse()) {
      finder.scan(unit, null);
    }
    return isBroken[0] ? null : finder.found;
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char character : text.toCharArray()) {
      boolean isPlain = character >= ' ' && character < 127 && character != '"' && character != '\\';
      quoted.append(isPlain ? String.valueOf(character) : String.format("\\u%04x", (int) character));
    }
    return quoted.append('"').toString();
  }

  private static final class Finder extends TreePathScanner<Void, Void> {
    final List<String> found = new ArrayList<>();
    private final Deque<String> classes = new ArrayDeque<>();
    private final DocTrees trees;

    Finder(DocTrees trees) {
      this.trees = trees;
    }

    @Override
    public Void visitClass(ClassTree node, Void nothing) {
      classes.push(node.getSimpleName().toString());
      super.visitClass(node, nothing);
      classes.pop();
      return null;
    }

    @Override
    public Void visitMethod(MethodTree node, Void nothing) {
      String name = node.getName().contentEquals("<init>") ? classes.peek() : node.getName().toString();
      add(name, ((JCTree.JCMethodDecl) node).pos, node);
      return super.visitMethod(node, nothing);
    }

    @Override
    public Void visitVariable(VariableTree node, Void nothing) {
      if (isLambda(node.getInitializer())) {
        // One declaration may hold several variables, and each of them spans its type.
        add(node.getName().toString(), ((JCTree.JCVariableDecl) node).pos, null);
      }
      return super.visitVariable(node, nothing);
    }

    @Override
    public Void visitAssignment(AssignmentTree node, Void nothing) {
      if (isLambda(node.getExpression())) {
        ExpressionTree target = node.getVariable();
        if (target instanceof IdentifierTree named) {
          add(named.getName().toString(), ((JCTree) target).getStartPosition(), null);
        } else if (target instanceof MemberSelectTree member) {
          add(member.getIdentifier().toString(), end(target) - member.getIdentifier().length(), null);
        }
      }
      return super.visitAssignment(node, nothing);
    }

    private boolean isLambda(ExpressionTree value) {
      if (value instanceof ParenthesizedTree inner) {
        return isLambda(inner.getExpression());
      }
      return value instanceof TypeCastTree cast ? isLambda(cast.getExpression()) : value instanceof LambdaExpressionTree;
    }

    private void add(String name, long position, Tree whole) {
      String lines = "null, \"end_line\": null";
      String doc = null;
      if (whole != null) {
        lines = line(((JCTree) whole).getStartPosition()) + ", \"end_line\": " + line(end(whole) - 1);
        doc = trees.getDocComment(getCurrentPath());
      }
      found.add("{\"name\": " + quoted(name) + ", \"name_line\": " + line(position) + ", \"start_line\": " + lines
          + ", \"doc\": " + (doc == null ? "null" : quoted(doc)) + "}");
    }

    private long end(Tree tree) {
      return trees.getSourcePositions().getEndPosition(getCurrentPath().getCompilationUnit(), tree);
    }

    private long line(long position) {
      return getCurrentPath().getCompilationUnit().getLineMap().getLineNumber(position) - 1;
    }
  }
}
