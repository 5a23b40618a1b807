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

return M
