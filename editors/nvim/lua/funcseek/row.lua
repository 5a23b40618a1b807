--- One function found, as a line: its name, its place, its signature, and marks on what else is to know. Opens nothing.

local M = {}

---@class funcseek.Also a copy of an item, or another function of its name in its file
---@field path string
---@field line integer counted from 1
---@field signature string

---@class funcseek.Item an item of the answers to `funcseek/search` and `funcseek/similar`
---@field name string
---@field qualifiedName string
---@field kind string
---@field language string
---@field signature string
---@field detail string
---@field isDeclaration boolean
---@field isTest boolean
---@field isGenerated boolean
---@field isStale boolean
---@field uri string
---@field range lsp.Range
---@field selectionRange lsp.Range
---@field confidence? number
---@field likeness? "duplicate"|"near-duplicate"|"related"
---@field also? funcseek.Also[]

---@alias funcseek.Chunk [string, string?] a text and its highlight group

---@class funcseek.Row
---@field item funcseek.Item
---@field encoding string in which the item's positions count
---@field file string its path
---@field place string its path as shown, with the line
---@field chunks funcseek.Chunk[]
---@field text string the chunks' texts

-- Someone else's text: control characters would move the cursor, bidirectional marks reorder the line.
local HARMFUL = { "\226\128[\139-\143\170-\174]", "\226\129[\166-\169]", "%c" }

---@param text string
---@return string
local function one_line(text)
  text = text:gsub("%s+", " ")
  for _, pattern in ipairs(HARMFUL) do
    text = text:gsub(pattern, "")
  end
  return vim.trim(text)
end

---@param file string
---@param client vim.lsp.Client
---@return string
local function shown_path(file, client)
  local folders = client.workspace_folders or {}
  for _, folder in ipairs(folders) do
    local root = vim.uri_to_fname(folder.uri)
    local below = vim.fs.relpath(root, file)
    if below then
      return #folders > 1 and ("%s • %s"):format(vim.fs.basename(root), below) or below
    end
  end
  return vim.fn.fnamemodify(file, ":~")
end

---@param also? funcseek.Also[]
---@return string?
local function shown_also(also)
  if not also or #also == 0 then
    return
  end
  local more = #also > 1 and (" and %d more"):format(#also - 1) or ""
  return ("also %s:%d%s"):format(also[1].path, also[1].line, more)
end

---@param item funcseek.Item
---@return string
local function marks(item)
  local known = {
    item.likeness ~= "related" and item.likeness or nil,
    item.isDeclaration and "declaration" or nil,
    item.isTest and "test" or nil,
    item.isGenerated and "generated" or nil,
    item.isStale and "changed" or nil,
    shown_also(item.also),
  }
  local shown = {}
  for index = 1, 6 do
    shown[#shown + 1] = known[index]
  end
  return one_line(table.concat(shown, ", "))
end

--- Return an item as a row.
---@param item funcseek.Item
---@param client vim.lsp.Client
---@return funcseek.Row
function M.of(item, client)
  local file = vim.uri_to_fname(item.uri)
  local name = one_line(item.qualifiedName ~= "" and item.qualifiedName or item.kind)
  local place = ("%s:%d"):format(one_line(shown_path(file, client)), item.selectionRange.start.line + 1)
  local chunks = { { name, "FuncseekName" }, { "  " }, { place, "FuncseekPlace" } }
  local what = one_line(item.detail ~= "" and item.detail or item.signature)
  -- Narrow windows cut off the end: what tells a copy comes before what describes it.
  for _, chunk in ipairs({ { marks(item), "FuncseekMark" }, { what, "FuncseekSignature" } }) do
    if chunk[1] ~= "" then
      vim.list_extend(chunks, { { "  " }, chunk })
    end
  end
  local text = vim.iter(chunks):map(function(chunk)
    return chunk[1]
  end)
  return {
    item = item,
    encoding = client.offset_encoding,
    file = file,
    place = place,
    chunks = chunks,
    text = text:join(""),
  }
end

return M
