<?php
// Prints what PHP-Parser finds: functions, methods, and closures bound to a name.
require '/usr/share/php/PhpParser/autoload.php';

use PhpParser\Lexer\Emulative;
use PhpParser\Node;
use PhpParser\NodeTraverser;
use PhpParser\NodeVisitorAbstract;
use PhpParser\ParserFactory;

final class Finder extends NodeVisitorAbstract
{
    public array $found = [];

    public function enterNode(Node $node)
    {
        if ($node instanceof Node\Stmt\Function_ || $node instanceof Node\Stmt\ClassMethod) {
            $doc = $node->getDocComment();
            $this->add((string) $node->name, $node->name, $node, $doc ? words($doc->getText()) : null);
        } elseif ($node instanceof Node\Expr\Assign && isClosure($node->expr)) {
            $this->addTarget($node->var, $node);
        } elseif ($node instanceof Node\Expr\ArrayItem && isClosure($node->value)) {
            $this->addKey($node->key, $node);
        }
        return null;
    }

    private function addTarget(Node $target, Node $whole): void
    {
        if ($target instanceof Node\Expr\ArrayDimFetch) {
            $this->addKey($target->dim, $whole);
        } elseif (isset($target->name) && !$target->name instanceof Node\Expr) {
            $place = $target->name instanceof Node ? $target->name : $target;
            $this->add((string) $target->name, $place, $whole, null);
        }
    }

    private function addKey(?Node $key, Node $whole): void
    {
        if ($key instanceof Node\Scalar\String_) {
            $this->add($key->value, $key, $whole, null);
        }
    }

    private function add(string $name, Node $place, Node $whole, ?string $doc): void
    {
        $this->found[] = [
            'name' => $name,
            'name_line' => $place->getStartLine() - 1,
            'start_line' => $whole->getStartLine() - 1,
            'end_line' => $whole->getEndLine() - 1,
            'doc' => $doc,
        ];
    }
}

function isClosure(Node $node): bool
{
    return $node instanceof Node\Expr\Closure || $node instanceof Node\Expr\ArrowFunction;
}

function words(string $comment): string
{
    return trim(preg_replace(['~^/\*\*+|\s*\*+/$~', '~^\s*\*+( |$)~m'], '', $comment));
}

$parser = (new ParserFactory())->create(ParserFactory::PREFER_PHP7, new Emulative());
while (($line = fgets(STDIN)) !== false) {
    $path = rtrim($line, "\n");
    try {
        $tree = $parser->parse(file_get_contents($path));
    } catch (PhpParser\Error) {
        continue;
    }
    $finder = new Finder();
    $traverser = new NodeTraverser();
    $traverser->addVisitor($finder);
    $traverser->traverse($tree);
    echo json_encode(['path' => $path, 'functions' => $finder->found], JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}
