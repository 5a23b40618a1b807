#!/usr/bin/env node
/** Opens a connection. */
export async function connect(host, port = 5432) {
  function attempt(n) { return n; }
  const pause = (n) => 2 ** n;
  return attempt(pause(1));
}

/**
 * Counts *up*,
 *   one at a time.
 *
 * @yields {number}
 */
// eslint-disable-next-line no-empty
function* count() {}

export default class Pool extends Base {
  #secret = 1;
  // Counts those that are free.
  free = () => this.size;
  static make = async function () { return new Pool(); };
  constructor(size) { super(); this.size = size; this.onClose = (reason) => reason; }
  get size() { return this.#secret; }
  set size(value) { this.#secret = value; }
  static async *leases() { yield 1; }
  #evict(key) { delete this[key]; }
  [Symbol.iterator]() { return this.leases(); }
  'quoted name'() {}
  static { init(); }
  @logged @bound
  handle(event /* ours */) { return event; }
}

/* Waits before it calls. */
const slowly = debounce((text) => search(text), 300);
const picked = rows.filter((row) => row.ok);
export const double = (n) => n * 2, triple = function thrice(n) { return n * 3; };
let later;
later = () => connect();

module.exports.parse = function (text) { return text; };
exports.render = (tree) => tree;
Pool.prototype.close = function close() {};
window['onload'] = function () {};
module.exports = function main() { return 0; };
handlers[event.type].done = () => {};

const routes = {
  home() { return '/'; },
  about: () => '/about',
  'not-found': function missing() { return 404; },
  [dynamic]: () => 1,
  get current() { return 1; },
  nested: { deep: async () => 1 },
};

(function boot() { connect(); })();
app.get('/', (request, response) => response.end());
describe('pool', () => { it('opens', () => {}); });

const Hidden = class { reveal() {} };
export const Form = React.memo(function FormView({ onSubmit }) {
  const submit = useCallback((event) => onSubmit(event), [onSubmit]);
  return <form onSubmit={(event) => submit(event)} />;
});

var legacy = function () {}
/** Right before, on the same line. */ function inline() {}

/** The first in the file speaks of the file, others reach over a blank line. */

function apart() {}
// Said aside.
/** Said of it. */
function marked() {}
/** @typedef {number} Size */
function typed() {}

class Search {
  onType = debounce((text) => this.find(text), 300);
  #find = (text) => text;
  'by name' = function () {};
  open = (() => this.find(''));
}
exports.getUser = asyncHandler(async (request, response) => {});
const Input = memo(forwardRef((props, ref) => null));
const shorten = /** @type {Shorten} */ (memoize(() => ''));
const other = memo(wrapped((props) => null));
const ran = (() => 1)();
const listed = [() => 1, 2];
cache.clear ??= () => {};
const actions = { save: throttle(() => 1), load: map(() => 2), get() { return 1; } };
const assign = Object.assign || function (target) { return target; };
var trim = native ? native.trim : (text) => text;
const join = isWindows ? function backwards() {} : function forwards() {};
const options = { sort: by && ((a, b) => a - b), filter: all ? null : () => true };
class Chosen { compare = given ?? ((a, b) => a - b); }
exports.noop = exports.noop || (() => {});
const chained = a ? b ? () => 1 : c : d;
const quiet = isQuiet ? /* nothing */ (() => {}) : null;
const applied = (a || b)(() => 1);
export default memo(() => null);
