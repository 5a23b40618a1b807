// Prints what scalameta finds in Scala: definitions and declarations of functions, secondary constructors, and function
// values bound to a name.
'use strict';
const fs = require('fs');
const path = require('path');
const { parseSource } = require(path.join(__dirname, '..', 'node_modules', 'scalameta-parsers'));

const DEFINITIONS = new Set(['Defn.Def', 'Decl.Def', 'Defn.Macro']);
const BINDINGS = new Set(['Defn.Val', 'Defn.Var']);
const VALUES = new Set(['Term.Function', 'Term.PartialFunction', 'Term.PolyFunction', 'Term.ContextFunction']);

/** Tells whether an expression is a function, in braces or not. */
function isFunction(value) {
  return VALUES.has(value?.type) || (value?.type === 'Term.Block' && value.stats?.length === 1 && isFunction(value.stats[0]));
}

/** Returns the line of each offset into a text. */
function linesOf(text) {
  const ends = [];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) ends.push(at);
  return (offset) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle] < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

function functions(tree, text) {
  const lineOf = linesOf(text);
  const found = [];
  const add = (name, at, node) =>
    found.push({ name, name_line: lineOf(at), start_line: lineOf(node.pos.start), end_line: lineOf(node.pos.end - 1) });
  const visit = (node) => {
    if (DEFINITIONS.has(node.type)) add(node.name.value, node.name.pos.start, node);
    else if (node.type === 'Ctor.Secondary') {
      add('this', text.indexOf('this', node.mods.length ? node.mods.at(-1).pos.end : node.pos.start), node);
    } else if (BINDINGS.has(node.type) && node.pats[0]?.type === 'Pat.Var' && isFunction(node.rhs ?? node.body)) {
      add(node.pats[0].name.value, node.pats[0].pos.start, node);
    }
    for (const child of Object.values(node).flat()) {
      if (child !== null && typeof child === 'object' && child.type) visit(child);
    }
  };
  visit(tree);
  return found;
}

for (const path of fs.readFileSync(0, 'utf8').split('\n')) {
  const text = fs.readFileSync(path, 'utf8');
  let tree;
  try {
    tree = parseSource(text);
  } catch {
    continue;
  }
  if (tree.type === 'Source') console.log(JSON.stringify({ path, functions: functions(tree, text) }));
}
