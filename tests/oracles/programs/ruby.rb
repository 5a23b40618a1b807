# Prints what Ruby's own parser finds: methods, and blocks and lambdas bound to a name.
require 'json'
require 'ripper'

Tree = RubyVM::AbstractSyntaxTree
ASSIGNMENTS = %i[LASGN DASGN DASGN_CURR IASGN GASGN CVASGN CDECL].freeze
CALLS = %i[FCALL CALL].freeze
DEFINING = %i[define_method define_singleton_method].freeze
# Rules and what speaks to tools.
SAYS_NOTHING = /\A(?:[^\w\s`]{3,}\z|rubocop:|:nodoc:)/.freeze

# The comments that stand alone on their line, by line.
def comments_of(source)
  lines = source.lines
  Ripper.lex(source).each_with_object({}) do |((line, column), type, text), found|
    next unless type == :on_comment && lines[line - 1].byteslice(0, column).strip.empty?

    words = text.sub(/\A#+ ?/, '').strip
    found[line] = words.match?(SAYS_NOTHING) ? '' : words
  end
end

def doc_above(line, comments)
  run = []
  run.unshift(comments[line -= 1]) while comments.key?(line - 1)
  run.join("\n")
end

def place(node)
  [node.first_lineno, node.first_column]
end

def closure?(node)
  return false unless node.is_a?(Tree::Node)
  return true if node.type == :LAMBDA
  return false unless node.type == :ITER

  call = node.children[0]
  made_by = call.children
  (call.type == :FCALL && %i[lambda proc].include?(made_by[0])) ||
    (call.type == :CALL && made_by[1] == :new && made_by[0].children[0] == :Proc)
end

# The name on the left of an assignment, without the module it is in.
def bound_name(node)
  node.children.grep(Symbol).first
end

# The name in a literal, nil where it is made at run time.
def literal(node)
  node.children[0].to_s if %i[LIT STR].include?(node.type)
end

# The name that define_method gets, where it gets a block or a lambda.
def defined_name(node)
  call = node.type == :ITER ? node.children[0] : node
  return unless CALLS.include?(call.type) && DEFINING.include?(call.children[-2])

  name, body = call.children[-1]&.children
  literal(name) if name && (node.type == :ITER || closure?(body))
end

# The closures in a hash, without those that are keyword arguments of a call.
def pairs(node)
  entries = node.children[0]&.children&.compact || []
  return [] if entries.empty? || place(entries[0]) == place(node)

  entries.each_slice(2).filter_map { |key, value| [literal(key), key] if value && closure?(value) }
end

def walk(node, found)
  return unless node.is_a?(Tree::Node)

  case node.type
  when :DEFN then found << [node.children[0], node, node, true]
  when :DEFS then found << [node.children[1], node, node, true]
  when *ASSIGNMENTS then found << [bound_name(node), node, node] if closure?(node.children[-1])
  when :HASH then pairs(node).each { |name, key| found << [name, key, nil] if name }
  when :ITER, *CALLS then (name = defined_name(node)) && found << [name, node, node]
  end
  node.children.each { |child| walk(child, found) }
end

def told(name, place, whole, is_method, comments)
  known = { name: name.to_s, name_line: place.first_lineno - 1 }
  return known unless whole

  known.update(start_line: whole.first_lineno - 1, end_line: whole.last_lineno - 1)
  is_method ? known.update(doc: doc_above(whole.first_lineno, comments)) : known
end

$stdin.each_line(chomp: true) do |path|
  source = File.read(path, encoding: 'UTF-8')
  next unless source.valid_encoding?

  found = []
  walk(Tree.parse(source), found)
  comments = comments_of(source)
  functions = found.map { |name, place, whole, is_method| told(name, place, whole, is_method, comments) }
  puts JSON.generate({ path: path, functions: functions })
rescue SyntaxError
  next
end
