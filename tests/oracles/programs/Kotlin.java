import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import org.jetbrains.kotlin.cli.common.CLIConfigurationKeys;
import org.jetbrains.kotlin.cli.common.messages.MessageCollector;
import org.jetbrains.kotlin.cli.jvm.compiler.EnvironmentConfigFiles;
import org.jetbrains.kotlin.cli.jvm.compiler.KotlinCoreEnvironment;
import org.jetbrains.kotlin.com.intellij.openapi.util.Disposer;
import org.jetbrains.kotlin.com.intellij.psi.*;
import org.jetbrains.kotlin.com.intellij.psi.util.PsiTreeUtil;
import org.jetbrains.kotlin.config.CompilerConfiguration;
import org.jetbrains.kotlin.kdoc.psi.api.KDoc;
import org.jetbrains.kotlin.psi.*;

/** Prints what the Kotlin compiler's own parser finds; the linter whose archive holds it must be on the class path. */
public class Kotlin {
  public static void main(String[] none) throws Exception {
    System.setProperty("idea.use.native.fs.for.win", "false");
    KtPsiFactory factory = factory();
    PrintStream output = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    for (String path : new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
      String text = Files.readString(Path.of(path)).replace("\r\n", "\n");
      KtFile file = factory.createFile(path.endsWith(".kts") ? "a.kts" : "a.kt", text);
      if (PsiTreeUtil.findChildOfType(file, PsiErrorElement.class) == null) {
        List<String> found = new Finder(text).in(file);
        output.println("{\"path\": " + quoted(path) + ", \"functions\": [" + String.join(", ", found) + "]}");
      }
    }
    output.flush();
    System.exit(0);
  }

  private static KtPsiFactory factory() {
    CompilerConfiguration configuration = new CompilerConfiguration();
    configuration.put(CLIConfigurationKeys.MESSAGE_COLLECTOR_KEY, MessageCollector.Companion.getNONE());
    KotlinCoreEnvironment environment = KotlinCoreEnvironment.Companion.createForProduction(
        Disposer.newDisposable(), configuration, EnvironmentConfigFiles.JVM_CONFIG_FILES);
    return new KtPsiFactory(environment.getProject(), false);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char character : text.toCharArray()) {
      boolean isPlain = character >= ' ' && character < 127 && character != '"' && character != '\\';
      quoted.append(isPlain ? String.valueOf(character) : String.format("\\u%04x", (int) character));
    }
    return quoted.append('"').toString();
  }

  private static final class Finder {
    final List<String> found = new ArrayList<>();
    private final String text;

    Finder(String text) {
      this.text = text;
    }

    List<String> in(PsiElement element) {
      if (element instanceof KtNamedFunction function && function.getNameIdentifier() != null) {
        add(function.getName(), function.getNameIdentifier(), function);
      } else if (element instanceof KtSecondaryConstructor constructor) {
        add("constructor", constructor.getConstructorKeyword(), constructor);
      } else if (element instanceof KtAnonymousInitializer block) {
        add("init", first(block), block);
      } else if (element instanceof KtProperty property && isFunction(property)) {
        add(property.getName(), property.getNameIdentifier(), property);
      }
      for (PsiElement child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
        in(child);
      }
      return found;
    }

    private static boolean isFunction(KtProperty property) {
      KtExpression value = property.getInitializer();
      return value instanceof KtLambdaExpression
          || value instanceof KtNamedFunction
          || property.getAccessors().stream().anyMatch(KtPropertyAccessor::hasBody);
    }

    private void add(String name, PsiElement place, KtDeclaration whole) {
      KDoc doc = whole.getDocComment();
      found.add("{\"name\": " + quoted(name)
          + ", \"name_line\": " + line(place.getTextRange().getStartOffset())
          + ", \"start_line\": " + line(first(whole).getTextRange().getStartOffset())
          + ", \"end_line\": " + line(whole.getTextRange().getEndOffset() - 1)
          + ", \"doc\": " + (doc == null ? "null" : quoted(words(doc))) + "}");
    }

    private static PsiElement first(KtDeclaration whole) {
      PsiElement first = whole.getFirstChild();
      while (first instanceof PsiComment || first instanceof PsiWhiteSpace) {
        first = first.getNextSibling();
      }
      return first;
    }

    /** Returns the text of a documentation comment without its marks, tags included. */
    private static String words(KDoc doc) {
      return doc.getText().replaceAll("^/\\*\\*+|\\*+/$", "").replaceAll("(?m)^[ \\t]*\\*[ \\t]?", "").strip();
    }

    private long line(int offset) {
      return text.substring(0, offset).chars().filter(character -> character == '\n').count();
    }
  }
}
