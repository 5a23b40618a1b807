// Prints what TypeScript's own parser finds in JavaScript and TypeScript: functions, methods, function values bound to
// a name, and declarations that no body follows.
'use strict';
const fs = require('fs');
const path = require('path');
const ts = require(path.join(__dirname, '..', 'node_modules', 'typescript'));

const { SyntaxKind: Kind } = ts;
const SCRIPT_KINDS = { '.ts': ts.ScriptKind.TS, '.tsx': ts.ScriptKind.TSX };
const LONGEST_NAME = 200;
const MEMBERS = new Set([Kind.MethodDeclaration, Kind.GetAccessor, Kind.SetAccessor, Kind.Constructor]);
const HOLDERS = new Set([Kind.VariableDeclaration, Kind.PropertyDeclaration, Kind.PropertyAssignment]);
const COVERS = new Set([
  Kind.ParenthesizedExpression, Kind.AsExpression, Kind.SatisfiesExpression, Kind.NonNullExpression,
  Kind.TypeAssertionExpression,
]);
const ASSIGNING = new Set([
  Kind.EqualsToken, Kind.BarBarEqualsToken, Kind.AmpersandAmpersandEqualsToken, Kind.QuestionQuestionEqualsToken,
]);
const CHOOSING = new Set([Kind.BarBarToken, Kind.AmpersandAmpersandToken, Kind.QuestionQuestionToken]);
const VALUES = new Set([Kind.ArrowFunction, Kind.FunctionExpression]);

// Calls that give back a function in place of their first argument.
const WRAPPING = new Set([
  'memo', 'forwardRef', 'useCallback', 'useMemo', 'useEffectEvent', 'observer', 'debounce', 'throttle', 'createSelector',
  'defineComponent', 'defineStore', 'createAsyncThunk', 'curry', 'once', 'memoize', 'promisify', 'wrap', 'asyncHandler',
  'cache', 'action', 'computed', 'batch',
]);

/** Returns the function that an expression stands for, through as many calls as may wrap it. */
function functionIn(node, calls = 1) {
  while (node && COVERS.has(node.kind)) node = node.expression;
  if (!node || VALUES.has(node.kind)) return node;
  if (!calls || !ts.isCallExpression(node) || !WRAPPING.has((node.expression.name ?? node.expression).text)) return undefined;
  return functionIn(node.arguments[0], calls - 1);
}

/** Returns the functions that an expression may stand for, without calls; two where either may be meant. */
function chosen(node) {
  const value = bare(node);
  if (value && ts.isConditionalExpression(value)) return [value.whenTrue, value.whenFalse].map(bare).filter(isValue);
  return value && ts.isBinaryExpression(value) && CHOOSING.has(value.operatorToken.kind) ? [bare(value.right)].filter(isValue) : [];
}

const bare = (node) => (node && ts.isParenthesizedExpression(node) ? bare(node.expression) : node);
const isValue = (node) => VALUES.has(node.kind);

/** Returns the functions that an expression gives to a name. */
function functionsIn(node, calls = 1) {
  const value = functionIn(node, calls);
  return value ? [value] : chosen(node);
}

function nameOf(name) {
  const text = name.getText().slice(0, LONGEST_NAME).split(/\s+/).join(' ');
  return ts.isStringLiteralLike(name) && text.length > 2 ? text.slice(1, -1) : text;
}

/** Tells whether a function has no body and one of the same name with a body follows it. */
function isOverload(node) {
  if (node.body) return false;
  const siblings = node.parent.members ?? node.parent.statements ?? [];
  const name = node.name?.getText();
  return siblings.some((other) => other.kind === node.kind && other.body && other.pos > node.pos && other.name?.getText() === name);
}

/** Returns what of a node is a function's name, and the function values if those are what it names. */
function naming(node) {
  if (node.kind === Kind.FunctionDeclaration) return { name: isOverload(node) ? null : (node.name ?? keyword(node, Kind.DefaultKeyword)) };
  if (MEMBERS.has(node.kind)) return { name: isOverload(node) ? null : (node.name ?? keyword(node, Kind.ConstructorKeyword)) };
  if (node.kind === Kind.MethodSignature || node.kind === Kind.FunctionExpression) return { name: node.name };
  if (HOLDERS.has(node.kind) && !ts.isBindingPattern(node.name)) {
    return { name: node.name, values: functionsIn(node.initializer, ts.isVariableDeclaration(node) ? 2 : 1) };
  }
  if (node.kind === Kind.ExportAssignment) {
    const value = functionIn(node.expression);
    return { name: keyword(node, Kind.DefaultKeyword), values: value && !value.name ? [value] : [] };
  }
  return node.kind === Kind.BinaryExpression && ASSIGNING.has(node.operatorToken.kind) ? assigned(node) : {};
}

const keyword = (node, kind) =>
  node.getChildren().flatMap((child) => [child, ...child.getChildren()]).find((child) => child.kind === kind);

function assigned(node) {
  const values = functionsIn(node.right);
  if (ts.isIdentifier(node.left)) return { name: node.left, values };
  if (ts.isElementAccessExpression(node.left)) return { name: node.left.argumentExpression, values };
  if (!ts.isPropertyAccessExpression(node.left)) return {};
  // `module.exports = function parse() {}` goes by its own name.
  return { name: node.left.name, values: node.left.name.text === 'exports' && values[0]?.name ? [] : values };
}

/** Returns the node that the source shows as the function, with `export` and the like. */
function whole(node) {
  if (node.kind !== Kind.VariableDeclaration || node.parent.declarations?.length !== 1) return node;
  return ts.isVariableStatement(node.parent.parent) ? node.parent.parent : node;
}

/** Returns the words of the comment made for documentation that belongs to a node, null where it has none. */
function docOf(node) {
  const text = node.jsDoc?.at(-1)?.getText();
  // Types are declared wherever there is room for a comment.
  if (!text || /^\/\*\*[\s*]*@(?:typedef|import|callback)\b/.test(text)) return null;
  const lines = text.slice(3, -2).split(/\r?\n/);
  return lines.map((line, index) => (index ? line.replace(/^\s*\*+ ?/, '') : line)).join('\n');
}

function functions(file) {
  const lineOf = (position) => file.getLineAndCharacterOfPosition(position).line;
  const found = [];
  const bound = new Set();
  const visit = (node) => {
    const { name, values } = naming(node);
    values?.forEach((value) => bound.add(value));
    if (name && values?.length !== 0 && !bound.has(node)) {
      const shown = whole(node);
      found.push({
        name: nameOf(name),
        name_line: lineOf(name.getStart()),
        start_line: lineOf(shown.getStart()),
        end_line: lineOf(shown.getEnd() - 1),
        doc: docOf(shown),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

for (const path of fs.readFileSync(0, 'utf8').split('\n')) {
  const kind = SCRIPT_KINDS[/\.\w+$/.exec(path)?.[0]] ?? ts.ScriptKind.JSX;
  const file = ts.createSourceFile(path, fs.readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true, kind);
  if (file.parseDiagnostics.length) continue;
  console.log(JSON.stringify({ path, functions: functions(file) }));
}
