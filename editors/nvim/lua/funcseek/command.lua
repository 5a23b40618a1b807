--- `:Funcseek`. A subcommand is one only where it stands alone, so that plain words are words: `:Funcseek status of a job`
--- searches. `:Funcseek search …` always does.

local M = {}

local Message = require("funcseek.message")

---@param root table
---@return string
local function root_line(root)
  local shown = ("%s: %s, %d functions in %d files, %d embedded"):format(
    vim.fn.fnamemodify(root.root, ":~"),
    root.phase,
    root.functions,
    root.files,
    root.embedded
  )
  for _, name in ipairs({ "problem", "watchProblem", "throttled" }) do
    local said = root[name]
    if type(said) == "string" and said ~= "" then
      shown = shown .. "\n  " .. said
    end
  end
  return shown
end

---@param status table
---@return string
local function status_text(status)
  local model = status.model
  if type(model) ~= "string" then
    local problem = status.modelProblem
    model = type(problem) == "string" and problem or "none yet: it is being loaded"
  end
  local lines = { ("version %s · model: %s"):format(status.version, model) }
  vim.list_extend(lines, vim.tbl_map(root_line, status.roots))
  return table.concat(lines, "\n")
end

---@param method string
---@param params table
---@param on_result fun(result: any)
local function ask(method, params, on_result)
  local bufnr = vim.api.nvim_get_current_buf()
  require("funcseek.client").with(bufnr, function(client, problem)
    if not client then
      return Message.error(problem or "")
    end
    client:request(method, params, function(err, result)
      if err then
        return Message.error(err.message)
      end
      on_result(result)
    end, bufnr)
  end)
end

---@type table<string, fun(command: vim.api.keyset.create_user_command.command_args)>
local SUBCOMMANDS = {
  search = function()
    require("funcseek").search()
  end,
  similar = function(command)
    require("funcseek").similar({ range = command.range > 0 and { command.line1, command.line2 } or nil })
  end,
  resume = function()
    require("funcseek").resume()
  end,
  reindex = function()
    ask("funcseek/reindex", vim.empty_dict(), function()
      Message.info("Every file is looked at again.")
    end)
  end,
  status = function()
    ask("funcseek/status", vim.empty_dict(), function(status)
      Message.info(status_text(status))
    end)
  end,
  log = function()
    -- Its path is known to the service alone; without one, Neovim's own log of the server is what there is.
    local client = require("funcseek.client").all()[1]
    if not client then
      vim.cmd.tabedit(vim.fn.fnameescape(vim.lsp.log.get_filename()))
      return
    end
    ask("funcseek/status", vim.empty_dict(), function(status)
      vim.cmd.tabedit(vim.fn.fnameescape(status.log))
    end)
  end,
  restart = function()
    require("funcseek.client").restart(vim.api.nvim_get_current_buf(), function(client, problem)
      if not client then
        return Message.error(problem or "")
      end
      Message.info("The language server was started again.")
    end)
  end,
}

--- Run the command.
---@param command vim.api.keyset.create_user_command.command_args
function M.run(command)
  local words = vim.trim(command.args)
  local subcommand = SUBCOMMANDS[words]
  if subcommand then
    subcommand(command)
  else
    require("funcseek").search({ query = (words:gsub("^search%s+", "")) })
  end
end

--- Complete the subcommand; words are not completed.
---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  if not line:match("Funcseek!?%s+%S*$") then
    return {}
  end
  return vim.tbl_filter(function(name)
    return vim.startswith(name, lead)
  end, vim.fn.sort(vim.tbl_keys(SUBCOMMANDS)))
end

return M
