--- Which language server a question goes to: the one of the buffer's project, started where none runs, also from a buffer
--- without a file. Knows nothing of what is asked.

local M = {}

M.NAME = "funcseek"

-- The greeting is answered within 0.1 s; a machine under load may take this long.
local START_TIMEOUT_MS = 20000
local START_POLL_MS = 5

local NOT_INSTALLED = "The program %s is not installed or not on the PATH; "
  .. "install it with `pip install funcseek`, "
  .. 'or name it with vim.lsp.config("funcseek", { cmd = { "/path/to/funcseek", "lsp" } }).'
local NOT_STARTED = "The language server did not start; see :Funcseek log."

--- Say why the server cannot be started; nil where it can.
---@return string?
function M.obstacle()
  local cmd = (vim.lsp.config[M.NAME] or {}).cmd
  if type(cmd) == "table" and vim.fn.executable(cmd[1]) == 0 then
    return NOT_INSTALLED:format(cmd[1])
  end
end

---@param bufnr integer
---@return boolean
local function is_file(bufnr)
  return vim.bo[bufnr].buftype == "" and vim.api.nvim_buf_get_name(bufnr) ~= ""
end

---@param path string
---@return string?
local function marked_root(path)
  return vim.fs.root(path, vim.lsp.config[M.NAME].root_markers or { ".git" })
end

--- Return the folder that a buffer's questions are about: its project, else that of the working directory, else the
--- working directory itself; nil and a sentence where that would be a whole disk or a whole home.
---@param bufnr integer
---@return string? root
---@return string? problem
function M.root(bufnr)
  local cwd = vim.fn.getcwd()
  local root = (is_file(bufnr) and marked_root(vim.api.nvim_buf_get_name(bufnr))) or marked_root(cwd)
  if root then
    return root
  end
  if cwd == "/" or vim.fs.normalize(cwd) == vim.fs.normalize("~") then
    return nil, ("%s is no project; open a file of one, or :cd into its folder."):format(cwd)
  end
  return cwd
end

--- Call back with the project of a buffer that was just opened, if it has one and the server is there.
---@param bufnr integer
---@param on_dir fun(root: string)
function M.enabled_root(bufnr, on_dir)
  local root = is_file(bufnr) and marked_root(vim.api.nvim_buf_get_name(bufnr))
  -- Whoever only opens files is not told that the program is missing; a search tells.
  if root and not M.obstacle() then
    on_dir(root)
  end
end

---@param client vim.lsp.Client
---@param bufnr integer
---@return boolean
local function is_below(client, bufnr)
  local path = vim.api.nvim_buf_get_name(bufnr)
  return vim.iter(client.workspace_folders or {}):any(function(folder)
    return vim.fs.relpath(vim.uri_to_fname(folder.uri), path) ~= nil
  end)
end

--- Tell a server of the project's buffers that are open already: what is in them counts, saved or not.
---@param client vim.lsp.Client
local function attach_open_buffers(client)
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    if
      vim.api.nvim_buf_is_loaded(bufnr)
      and is_file(bufnr)
      and vim.list_contains(client.config.filetypes or {}, vim.bo[bufnr].filetype)
      and is_below(client, bufnr)
    then
      vim.lsp.buf_attach_client(bufnr, client.id)
    end
  end
end

---@param root string
---@return integer? client_id
local function start(root)
  local config = vim.deepcopy(vim.lsp.config[M.NAME])
  config.root_dir = root
  return vim.lsp.start(config, { attach = false })
end

--- Call back once a client that is being started can be asked. Its `on_init` would tell, but is the user's to replace.
---@param client vim.lsp.Client
---@param on_ready fun(client?: vim.lsp.Client, problem?: string)
local function when_initialized(client, on_ready)
  local timer = assert(vim.uv.new_timer())
  local deadline = vim.uv.now() + START_TIMEOUT_MS
  local function look()
    if client.initialized then
      attach_open_buffers(client)
      on_ready(client)
    elseif client:is_stopped() or vim.uv.now() > deadline then
      on_ready(nil, NOT_STARTED)
    else
      timer:start(START_POLL_MS, 0, vim.schedule_wrap(look))
      return
    end
    timer:close()
  end
  look()
end

---@param bufnr integer
---@return vim.lsp.Client?
local function running(bufnr)
  return vim.iter(vim.lsp.get_clients({ name = M.NAME, bufnr = bufnr })):find(function(client)
    return not client:is_stopped()
  end)
end

--- Call back with the client that answers for a buffer, or with a sentence that says why there is none.
---@param bufnr integer
---@param on_ready fun(client?: vim.lsp.Client, problem?: string)
function M.with(bufnr, on_ready)
  local client = running(bufnr)
  if client then
    return on_ready(client)
  end
  local obstacle = M.obstacle()
  if obstacle then
    return on_ready(nil, obstacle)
  end
  local root, problem = M.root(bufnr)
  local client_id = root and start(root)
  client = client_id and vim.lsp.get_client_by_id(client_id)
  if not client then
    return on_ready(nil, problem or NOT_STARTED)
  end
  -- Files that are opened from now on belong to it too.
  if not vim.lsp.is_enabled(M.NAME) then
    vim.lsp.enable(M.NAME)
  end
  when_initialized(client, on_ready)
end

--- Return every client of ours, those that are starting too.
---@return vim.lsp.Client[]
function M.all()
  return vim.lsp.get_clients({ name = M.NAME, _uninitialized = true })
end

---@type table<integer, table<fun(), true>>
local waiting = {}

--- Have something called when a server ends, whose answers would be waited for in vain. Returns what takes that back.
---@param client_id integer
---@param call fun()
---@return fun()
function M.when_ended(client_id, call)
  waiting[client_id] = waiting[client_id] or {}
  waiting[client_id][call] = true
  return function()
    waiting[client_id][call] = nil
  end
end

--- Take up that a server has ended.
---@param client_id integer
function M.exited(client_id)
  vim.schedule(function()
    for call in pairs(waiting[client_id] or {}) do
      call()
    end
  end)
end

--- Stop every server of ours and start the one of a buffer again.
---@param bufnr integer
---@param on_ready fun(client?: vim.lsp.Client, problem?: string)
function M.restart(bufnr, on_ready)
  local old = M.all()
  for _, client in ipairs(old) do
    client:stop()
  end
  local timer = assert(vim.uv.new_timer())
  local deadline = vim.uv.now() + START_TIMEOUT_MS
  local function look()
    if #M.all() == 0 then
      timer:close()
      -- Gives the open files of all projects their servers back, of which this buffer's is one.
      vim.lsp.enable(M.NAME)
      M.with(bufnr, on_ready)
      return
    end
    if vim.uv.now() > deadline then
      for _, client in ipairs(M.all()) do
        client:stop(true)
      end
      deadline = math.huge
    end
    timer:start(START_POLL_MS, 0, vim.schedule_wrap(look))
  end
  look()
end

return M
