--- `:checkhealth funcseek`: what is there, what is missing, and what to do about it.

local M = {}

-- A status is answered within 0.1 s once the service runs; starting it takes a second or two.
local WAIT_MS = 20000

local health = vim.health

local function check_neovim()
  local version = tostring(vim.version())
  if vim.fn.has("nvim-0.11") == 1 then
    health.ok("Neovim " .. version)
  else
    health.error("Neovim " .. version .. " is too old", "Install Neovim 0.11 or newer.")
  end
end

local function check_settings()
  local problems = require("funcseek.config").problems()
  for _, problem in ipairs(problems) do
    health.warn(problem, "See :help funcseek-settings.")
  end
  if #problems == 0 then
    health.ok("The settings are good")
  end
end

local function check_picker()
  local name, problem = require("funcseek.picker").chosen()
  if problem then
    health.warn(problem)
  end
  health.ok("Picker: " .. name)
end

---@return boolean
local function check_program()
  local obstacle = require("funcseek.client").obstacle()
  if obstacle then
    health.error(obstacle)
    return false
  end
  local cmd = vim.lsp.config.funcseek.cmd
  if type(cmd) ~= "table" then
    health.ok("The program is chosen by a function")
    return true
  end
  local is_run, done = pcall(function()
    return vim.system({ cmd[1], "--version" }, { text = true, timeout = WAIT_MS }):wait()
  end)
  if is_run and done.code == 0 then
    health.ok(("%s (%s)"):format(vim.trim(done.stdout), vim.fn.exepath(cmd[1])))
  else
    health.warn(("%s --version did not answer"):format(cmd[1]), "Is it funcseek that `cmd` names?")
  end
  return true
end

---@return vim.lsp.Client?
---@return string? problem
local function started_client()
  local found, why, is_known
  require("funcseek.client").with(vim.api.nvim_get_current_buf(), function(client, problem)
    found, why, is_known = client, problem, true
  end)
  vim.wait(WAIT_MS, function()
    return is_known
  end, 10)
  return found, why
end

---@param root table
local function report_root(root)
  local said = ("%s: %s, %d functions in %d files, %d of them embedded"):format(
    root.root,
    root.phase,
    root.functions,
    root.files,
    root.embedded
  )
  local is_broken = root.phase == "failed" or root.phase == "gone"
  local report = is_broken and health.error or health.ok
  report(said)
  for _, name in ipairs({ "problem", "watchProblem" }) do
    local problem = root[name]
    if type(problem) == "string" and problem ~= "" then
      health.warn(problem)
    end
  end
end

---@param client vim.lsp.Client
local function report_status(client)
  local answered = client:request_sync("funcseek/status", vim.empty_dict(), WAIT_MS)
  local status = answered and answered.result
  if not status then
    local message = answered and answered.err and answered.err.message or "no answer in time"
    health.error("The service does not answer: " .. message, "See :Funcseek log.")
    return
  end
  health.ok("Service " .. status.version .. ", log " .. status.log)
  if type(status.model) == "string" then
    health.ok("Model: " .. status.model)
  else
    local problem = type(status.modelProblem) == "string" and status.modelProblem or "it is being loaded"
    health.warn("No model, so search goes by words only: " .. problem)
  end
  vim.iter(status.roots):each(report_root)
end

local function check_server()
  local client, problem = started_client()
  if not client then
    health.error(problem or "The language server did not start in time", "See :Funcseek log.")
    return
  end
  local requests = vim.tbl_get(client.server_capabilities, "experimental", "funcseek", "requests")
  if requests then
    health.ok(("The server %s speaks %s"):format(client.server_info.version, table.concat(requests, ", ")))
  else
    health.error("What `cmd` starts is not funcseek's language server", "See :help funcseek-server.")
  end
  report_status(client)
end

--- Run every check; the language server is started where it does not run.
function M.check()
  health.start("funcseek")
  check_neovim()
  check_settings()
  check_picker()
  if check_program() then
    check_server()
  end
end

return M
