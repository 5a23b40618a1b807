--- What the servers tell of their work, as a short text for a status line. Asks nobody and polls nothing: the server
--- sends `funcseek/statusChanged` when something has changed.

local M = {}

---@class funcseek.Line the parameters of `funcseek/statusChanged`
---@field health "ok"|"warning"|"error"
---@field quiescent boolean whether nothing is being done
---@field message string
---@field functions integer
---@field embedded integer
---@field filesDone integer
---@field filesTotal integer
---@field pendingFiles integer
---@field etaSeconds? number
---@field isPaused boolean

---@type table<integer, funcseek.Line>
local lines = {}

--- Take up what a server says; tells `User FuncseekStatus` autocommands of it.
---@param client_id integer
---@param line funcseek.Line
function M.changed(client_id, line)
  lines[client_id] = line
  vim.api.nvim_exec_autocmds("User", { pattern = "FuncseekStatus", data = { client_id = client_id, line = line } })
  vim.cmd.redrawstatus({ bang = true })
end

--- Return what the server of a buffer said last; nil where none runs or none has said anything.
---@param bufnr integer
---@return funcseek.Line?
function M.line(bufnr)
  for _, filter in ipairs({ { name = "funcseek", bufnr = bufnr }, { name = "funcseek" } }) do
    local client = vim.lsp.get_clients(filter)[1]
    if client then
      return lines[client.id]
    end
  end
end

---@param line funcseek.Line
---@return string
local function work(line)
  if line.filesDone < line.filesTotal then
    return (" %d/%d files"):format(line.filesDone, line.filesTotal)
  elseif line.embedded < line.functions then
    return (" %d%%"):format(math.floor(100 * line.embedded / line.functions))
  end
  return " …"
end

--- Return the text: empty where no server runs, `funcseek` at rest, and else what is being done or what is wrong.
---@return string
function M.text()
  -- Neovim evaluates a status line for other windows than the current one too.
  local window = vim.g.statusline_winid
  local is_window = type(window) == "number" and vim.api.nvim_win_is_valid(window)
  local line = M.line(is_window and vim.api.nvim_win_get_buf(window) or vim.api.nvim_get_current_buf())
  if not line then
    return ""
  elseif line.health == "error" then
    return "funcseek: error"
  elseif line.isPaused then
    return "funcseek paused"
  elseif not line.quiescent then
    return "funcseek" .. work(line)
  end
  return line.health == "warning" and "funcseek: warning" or "funcseek"
end

return M
