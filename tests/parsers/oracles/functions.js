// Prints name and zero-based line of every named function in the files given: what Node's own parser finds.
// Run with --expose-internals: acorn comes inside of Node.
'use strict';
const fs = require('fs');
const acorn = require('internal/deps/acorn/acorn/dist/acorn');

const FUNCTIONS = new Set(['FunctionExpression', 'ArrowFunctionExpression']);
const isFunction = (node) => node && FUNCTIONS.has(node.type);

function nameOf(key, source) {
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  if (key.type === 'Identifier') return key.name;
  return typeof key.value === 'string' && key.value ? key.value : source.slice(key.start, key.end);
}

function* functions(node, source) {
  if (!node || typeof node.type !== 'string') return;
  if (node.type === 'FunctionDeclaration' && node.id) yield [node.id.name, node.id];
  if (node.type === 'MethodDefinition' || (node.type === 'Property' && isFunction(node.value))) {
    yield [node.computed ? '[computed]' : nameOf(node.key, source), node.key];
  } else if (node.type === 'PropertyDefinition' && isFunction(node.value)) {
    yield [node.computed ? '[computed]' : nameOf(node.key, source), node.key];
  } else if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && isFunction(node.init)) {
    yield [node.id.name, node.id];
  } else if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier' && isFunction(node.right)) {
    yield [node.left.name, node.left];
  }
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) yield* functions(child, source);
  }
}

function parse(source) {
  for (const sourceType of ['module', 'script']) {
    try {
      const options = { ecmaVersion: 'latest', sourceType, locations: true, allowHashBang: true };
      return acorn.parse(source, { ...options, allowReturnOutsideFunction: true });
    } catch {
      // Not of this kind.
    }
  }
  return null;
}

for (const path of process.argv.slice(2)) {
  const source = fs.readFileSync(path, 'utf8');
  const tree = parse(source);
  if (!tree) continue;
  console.log(`${path}\t\t0`);
  for (const [name, node] of functions(tree, source)) {
    console.log(`${path}\t${name}\t${node.loc.start.line - 1}`);
  }
}
