#!/usr/bin/env lua
-- A pool of connections: the sample for Lua.
local Pool = {}

--- Opens a connection.
-- Tries again.
-- @param host where
function Pool.open(host, port)
  local function attempt(n) return n end
  local pause = function(n) return 2 ^ n end
  return attempt(pause(1))
end

--[[ Closes it.
     At last. ]]
function Pool:close() self.size = 0 end

function Pool.stats.total() end
function global() end
local helper = function(...) end
Pool.reset = function(self) end
Pool["quoted name"] = function() end
local first, second = function() end, function() end

local handlers = {
  -- Called at the end.
  on_close = function(reason) return reason end,
  ["on-open"] = function() end,
  [1] = function() end,
  nested = { deep = function() end },
  function() end,
}

local function outer()
  local function inner() end
  Pool.later = function() end
end

a, Pool.b, c = 1, function() end, function() end
local only <const> = function() end
handlers[KINDS.open] = function() end
handlers[name] = function() end
handlers[1] = function() end
local forward; forward = function() return forward end
local wrapped = setmetatable({ inside = function() end }, { __index = function(_, key) return key end })
local quiet = quiet or function() end

--------------------------------
-- With rules around it.
--------------------------------
function Pool.stats:deep(...) -- Not about the next.
  return ...
end
local function next_to_it() end

return { make = function() return Pool end }
