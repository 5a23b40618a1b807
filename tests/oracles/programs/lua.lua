-- Prints what luacheck's parser finds: functions that a statement or a table binds to a name.
package.path = "/usr/share/lua/5.1/?.lua;/usr/share/lua/5.1/?/init.lua;" .. package.path
local decoder = require "luacheck.decoder"
local parser = require "luacheck.parser"

local BINDING = { Set = true, Local = true, Localrec = true }

local function quoted(text)
  local function escaped(character)
    return ("\\u%04x"):format(character:byte())
  end
  return '"' .. text:gsub('[%c"\\]', escaped) .. '"'
end

-- The name in a variable or a key, nil where it is none.
local function name_of(node)
  if node.tag == "Index" then
    return name_of(node[2])
  end
  return (node.tag == "Id" or node.tag == "String") and node[1] or nil
end

-- The short comments that stand alone on their lines right above a statement, nil where there are none.
local function doc_above(statement, found)
  local run, line, comments = {}, statement.line, found.comments
  if found.source:sub(1, statement.offset - 1):find("%S[^\n]*$") then
    return nil
  end
  while comments[line - 1] do
    line = line - 1
    table.insert(run, 1, comments[line])
  end
  return run[1] and table.concat(run, "\n")
end

local function add(found, target, whole, value)
  local name = name_of(target)
  if not name or not value or value.tag ~= "Function" then
    return
  end
  local place = target.tag == "Index" and target[2] or target
  local fields = { '"name":' .. quoted(name), '"name_line":' .. place.line - 1 }
  if whole then
    table.insert(fields, '"start_line":' .. whole.line - 1)
    -- The ranges of statements do not tell their last line; with one value it is the value's.
    table.insert(fields, '"end_line":' .. value.end_range.line - 1)
    local doc = doc_above(whole, found)
    table.insert(fields, doc and '"doc":' .. quoted(doc))
  end
  table.insert(found, "{" .. table.concat(fields, ",") .. "}")
end

local function visit(node, found)
  if type(node) ~= "table" then
    return
  end
  if BINDING[node.tag] and node[2] then
    local whole = #node[2] == 1 and node or nil
    for index, target in ipairs(node[1]) do
      add(found, target, whole, node[2][index])
    end
  elseif node.tag == "Pair" then
    add(found, node[1], node, node[2])
  end
  for _, child in ipairs(node) do
    visit(child, found)
  end
end

local function words_by_line(comments, code_lines)
  local words = {}
  for _, comment in ipairs(comments) do
    if not code_lines[comment.line] then
      local text = comment.contents:gsub("^%-+", "")
      local says_nothing = text:find("^%s*%p%p%p+%s*$") and not text:find("[`_]") or text:find("^%s*luacheck:")
      words[comment.line] = says_nothing and "" or text
    end
  end
  return words
end

for path in io.lines() do
  local file = assert(io.open(path, "rb"))
  -- A line for the shell is no Lua.
  local source = file:read("*a"):gsub("^#[^\n]*", "")
  file:close()
  local is_read, tree, comments, code_lines = pcall(parser.parse, decoder.decode(source))
  if is_read then
    local found = { source = source, comments = words_by_line(comments, code_lines) }
    visit(tree, found)
    print(('{"path":%s,"functions":[%s]}'):format(quoted(path), table.concat(found, ",")))
  end
end
