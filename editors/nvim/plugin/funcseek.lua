--- The command and the <Plug> maps. Runs at every start of the editor, so it loads nothing.

if vim.g.loaded_funcseek then
  return
end
vim.g.loaded_funcseek = 1

if vim.fn.has("nvim-0.11") == 0 then
  vim.api.nvim_create_user_command("Funcseek", function()
    vim.notify("funcseek needs Neovim 0.11 or newer.", vim.log.levels.ERROR)
  end, { nargs = "*", desc = "Find a function by what it does" })
  return
end

vim.api.nvim_create_user_command("Funcseek", function(command)
  require("funcseek.command").run(command)
end, {
  nargs = "*",
  range = true,
  desc = "Find a function by what it does",
  complete = function(lead, line)
    return require("funcseek.command").complete(lead, line)
  end,
})

local function map(modes, name, call, desc)
  vim.keymap.set(modes, "<Plug>(funcseek-" .. name .. ")", call, { desc = desc })
end

map("n", "search", function()
  require("funcseek").search()
end, "Find a function by what it does")
map("n", "similar", function()
  require("funcseek").similar()
end, "Find functions like the one under the cursor")
map("x", "similar", ":Funcseek similar<CR>", "Find functions like the selected code")
map("n", "resume", function()
  require("funcseek").resume()
end, "Repeat the last search for functions")
