--- What is said outside a picker: one message each, by whose sender it is known.

local M = {}

---@param text string
---@param level integer
local function say(text, level)
  vim.notify("funcseek: " .. text, level)
end

---@param text string
function M.info(text)
  say(text, vim.log.levels.INFO)
end

---@param text string
function M.warn(text)
  say(text, vim.log.levels.WARN)
end

---@param text string
function M.error(text)
  say(text, vim.log.levels.ERROR)
end

--- Say what the server says of its own accord.
---@param told { type: integer, message: string } the parameters of `window/showMessage`
function M.of_server(told)
  -- The protocol counts from errors (1) to logs (4), Neovim the other way.
  say(told.message, math.max(vim.log.levels.ERROR + 1 - told.type, vim.log.levels.DEBUG))
end

return M
