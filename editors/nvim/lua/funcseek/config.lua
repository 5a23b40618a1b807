--- The plugin's settings: the defaults, then `vim.g.funcseek`, then `setup()`. A bad value is reported by its name, once,
--- and its default holds. Settings of the server (languages, globs) are those of `vim.lsp.config`.

local M = {}

---@alias funcseek.PickerName "auto"|"snacks"|"telescope"|"fzf_lua"|"mini_pick"|"ui_select"

---@class funcseek.Config
---@field picker funcseek.PickerName
---@field limit integer functions that are asked for, 1 to 100
---@field debounce_ms integer how long to wait for the next key before searching, 0 to 1000

---@type funcseek.Config
local DEFAULTS = {
  picker = "auto",
  -- What a picker's window holds, and some more.
  limit = 30,
  -- Someone who types quickly makes a key every 80 to 120 ms. A search that is too early costs little: it is cancelled.
  debounce_ms = 80,
}

---@type string[]
M.PICKERS = { "auto", "snacks", "telescope", "fzf_lua", "mini_pick", "ui_select" }

---@param value any
---@param least integer
---@param most integer
local function is_integer(value, least, most)
  return type(value) == "number" and value % 1 == 0 and value >= least and value <= most
end

---@type table<string, { is_good: fun(value: any): boolean, wanted: string }>
local CHECKS = {
  picker = {
    is_good = function(value)
      return vim.list_contains(M.PICKERS, value)
    end,
    wanted = "one of " .. table.concat(M.PICKERS, ", "),
  },
  limit = {
    is_good = function(value)
      return is_integer(value, 1, 100)
    end,
    wanted = "a whole number from 1 to 100",
  },
  debounce_ms = {
    is_good = function(value)
      return is_integer(value, 0, 1000)
    end,
    wanted = "a whole number of milliseconds from 0 to 1000",
  },
}

---@type table<string, any>
local given = {}
---@type table<string, true>
local reported = {}

--- Say what is wrong with one setting; nil where nothing is.
---@param name any
---@param value any
---@return string?
local function problem(name, value)
  local check = CHECKS[name]
  if not check then
    local known = table.concat(vim.fn.sort(vim.tbl_keys(CHECKS)), ", ")
    return ("There is no setting %s; the settings are %s."):format(tostring(name), known)
  end
  if not check.is_good(value) then
    local shown = vim.inspect(value):gsub("%s+", " ")
    return ("The setting %s must be %s; it is %s, so the default %s holds."):format(
      name,
      check.wanted,
      shown,
      vim.inspect(DEFAULTS[name])
    )
  end
end

---@return funcseek.Config
---@return string[] problems
local function read()
  local config, problems = vim.deepcopy(DEFAULTS), {}
  local global = vim.g.funcseek
  if global ~= nil and type(global) ~= "table" then
    problems[1] = "vim.g.funcseek must be a table, such as { limit = 50 }."
    global = nil
  end
  for _, settings in ipairs({ global or {}, given }) do
    for name, value in vim.spairs(settings) do
      local wrong = problem(name, value)
      if wrong then
        problems[#problems + 1] = wrong
      else
        config[name] = value
      end
    end
  end
  return config, problems
end

--- Return the settings as they are now; says once what is wrong with them.
---@return funcseek.Config
function M.get()
  local config, problems = read()
  for _, wrong in ipairs(problems) do
    if not reported[wrong] then
      reported[wrong] = true
      require("funcseek.message").warn(wrong)
    end
  end
  return config
end

--- Return a sentence for each setting that is wrong.
---@return string[]
function M.problems()
  local _, problems = read()
  return problems
end

--- Take settings that are stronger than `vim.g.funcseek`.
---@param settings table<string, any>
function M.set(settings)
  given = settings
  M.get()
end

return M
