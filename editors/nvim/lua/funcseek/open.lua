--- Goes to a function: its name under the cursor, the way back in the jump list and on the tag stack.

local M = {}

---@alias funcseek.Way "edit"|"split"|"vsplit"|"tab"

---@type table<funcseek.Way, string>
local WINDOWS = { split = "split", vsplit = "vsplit", tab = "tab split" }

--- Open a row's function in the current window, or in a new one beside it.
---@param row funcseek.Row
---@param way funcseek.Way
function M.row(row, way)
  if WINDOWS[way] then
    vim.cmd(WINDOWS[way])
  end
  local location = { uri = row.item.uri, range = row.item.selectionRange }
  if vim.lsp.util.show_document(location, row.encoding, { reuse_win = false, focus = true }) then
    vim.cmd("normal! zz")
  end
end

return M
