--- The highlight groups, as links that a colour scheme or the user may override. Draws nothing.

local M = {}

---@type table<string, string>
M.LINKS = {
  FuncseekName = "Function",
  FuncseekPlace = "Directory",
  FuncseekSignature = "Comment",
  FuncseekMark = "Special",
  FuncseekFunction = "CursorLine",
  FuncseekTarget = "Search",
}

--- Give every group its default; called whenever rows are shown, because `:colorscheme` clears defaults.
function M.define()
  for group, target in pairs(M.LINKS) do
    vim.api.nvim_set_hl(0, group, { link = target, default = true })
  end
end

return M
