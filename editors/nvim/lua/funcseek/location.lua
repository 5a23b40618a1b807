--- Positions of the server as Neovim counts them: lines from 0, columns in bytes. Reads buffers and files, changes none.

local M = {}

---@param file string
---@return string[]
local function lines_on_disk(file)
  local handle = io.open(file, "rb")
  if not handle then
    return {}
  end
  local text = handle:read("*a")
  handle:close()
  -- As Neovim reads a file: CRLF is a line's end where all lines end so, which a preview need not tell apart.
  local lines = vim.split(text, "\n", { plain = true })
  if lines[#lines] == "" then
    lines[#lines] = nil
  end
  for index, line in ipairs(lines) do
    lines[index] = line:gsub("\r$", "")
  end
  return lines
end

--- Return the lines of a file: those of its buffer where it is open, saved or not.
---@param file string
---@return string[]
function M.lines(file)
  local bufnr = vim.fn.bufnr("^" .. vim.fn.escape(file, "\\*?[{`$") .. "$")
  if bufnr > 0 and vim.api.nvim_buf_is_loaded(bufnr) then
    return vim.api.nvim_buf_get_lines(bufnr, 0, -1, false)
  end
  return lines_on_disk(file)
end

--- Return a position's line and byte in given lines; past their end, the last there is.
---@param lines string[]
---@param position lsp.Position
---@param encoding string
---@return integer line
---@return integer byte
function M.byte_position(lines, position, encoding)
  local line = math.min(position.line, math.max(#lines - 1, 0))
  local text = line == position.line and lines[line + 1] or nil
  if not text then
    return line, #(lines[line + 1] or "")
  end
  return line, vim.str_byteindex(text, encoding, position.character, false)
end

--- Return where a row's name stands: its line and byte, both from 0.
---@param row funcseek.Row
---@return integer line
---@return integer byte
function M.target(row)
  local start = row.item.selectionRange.start
  if row.encoding == "utf-8" then
    return start.line, start.character
  end
  return M.byte_position(M.lines(row.file), start, row.encoding)
end

return M
