--- Rows as a quickfix list, in the server's order.

local Location = require("funcseek.location")

local M = {}

---@param row funcseek.Row
---@return vim.quickfix.entry
local function entry(row)
  local line, byte = Location.target(row)
  local what = row.item.detail ~= "" and row.item.detail or row.item.signature
  local text = ("%s  %s"):format(row.item.qualifiedName, what)
  return { filename = row.file, lnum = line + 1, col = byte + 1, text = (text:gsub("%c+", " ")) }
end

--- Show rows in the quickfix window.
---@param rows funcseek.Row[]
---@param title string
function M.show(rows, title)
  vim.fn.setqflist({}, " ", { title = title, items = vim.tbl_map(entry, rows) })
  vim.cmd("botright copen")
end

return M
