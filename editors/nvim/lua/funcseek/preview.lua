--- Fills a scratch buffer with a function's file as it is now, the function and its name highlighted. Moves no window.

local Location = require("funcseek.location")

local M = {}

local NAMESPACE = vim.api.nvim_create_namespace("funcseek.preview")
-- Beyond this colouring the syntax takes longer than a person waits for a preview.
local MOST_COLOURED_BYTES = 500000

---@param bufnr integer
---@param file string
---@param lines string[]
local function colour(bufnr, file, lines)
  local size = 0
  for _, line in ipairs(lines) do
    size = size + #line + 1
  end
  local filetype = size <= MOST_COLOURED_BYTES and vim.filetype.match({ filename = file, contents = lines })
  if not filetype then
    return
  end
  local language = vim.treesitter.language.get_lang(filetype) or filetype
  if not pcall(vim.treesitter.start, bufnr, language) then
    vim.bo[bufnr].syntax = filetype
  end
end

---@param bufnr integer
---@param lines string[]
---@param range lsp.Range
---@param mark { encoding: string, group: string, priority: integer }
---@return integer line
---@return integer byte
local function highlight(bufnr, lines, range, mark)
  local line, byte = Location.byte_position(lines, range.start, mark.encoding)
  local end_line, end_byte = Location.byte_position(lines, range["end"], mark.encoding)
  vim.api.nvim_buf_set_extmark(bufnr, NAMESPACE, line, byte, {
    end_row = end_line,
    end_col = end_byte,
    hl_group = mark.group,
    hl_eol = true,
    priority = mark.priority,
  })
  return line, byte
end

--- Fill a buffer with the file of a row; return where its name stands, as `nvim_win_set_cursor` takes it.
---@param bufnr integer
---@param row funcseek.Row
---@return [integer, integer] cursor
function M.fill(bufnr, row)
  local lines = Location.lines(row.file)
  vim.bo[bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, #lines > 0 and lines or { "The file cannot be read." })
  vim.bo[bufnr].modifiable = false
  if #lines == 0 then
    return { 1, 0 }
  end
  colour(bufnr, row.file, lines)
  vim.api.nvim_buf_clear_namespace(bufnr, NAMESPACE, 0, -1)
  local body = { encoding = row.encoding, group = "FuncseekFunction", priority = 150 }
  local name = { encoding = row.encoding, group = "FuncseekTarget", priority = 200 }
  highlight(bufnr, lines, row.item.range, body)
  local line, byte = highlight(bufnr, lines, row.item.selectionRange, name)
  return { line + 1, byte }
end

--- Show the name of a row in a window whose buffer was filled.
---@param window integer
---@param cursor [integer, integer]
function M.centre(window, cursor)
  if vim.api.nvim_win_is_valid(window) then
    vim.api.nvim_win_set_cursor(window, cursor)
    vim.api.nvim_win_call(window, function()
      vim.cmd("normal! zz")
    end)
  end
end

return M
