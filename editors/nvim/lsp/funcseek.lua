--- How Neovim starts the language server. Evaluated when `vim.lsp.config.funcseek` is first asked for, never at start-up;
--- change it with `vim.lsp.config("funcseek", { … })`, the only place where the program is chosen.

---@type vim.lsp.Config
return {
  cmd = { "funcseek", "lsp" },
  -- Whatever is indexed: an open buffer of these is searched as it is, saved or not.
  filetypes = require("funcseek.filetypes").all,
  get_language_id = function(_, filetype)
    return require("funcseek.filetypes").language_id(filetype)
  end,
  root_markers = { ".git", ".hg", ".jj", ".svn", ".funcseekignore" },
  -- A file in no project starts nothing: to index whatever folder it lies in would surprise.
  root_dir = function(bufnr, on_dir)
    require("funcseek.client").enabled_root(bufnr, on_dir)
  end,
  settings = { funcseek = vim.empty_dict() },
  capabilities = {
    experimental = { commands = { commands = { "funcseek.showSimilar" } }, funcseek = { statusChanged = true } },
  },
  commands = {
    ["funcseek.showSimilar"] = function(command, context)
      require("funcseek").show_similar(command, context)
    end,
  },
  on_exit = function(_, _, client_id)
    require("funcseek.client").exited(client_id)
  end,
  handlers = {
    -- Neovim's own would print it, and a long sentence then waits for a key.
    ["window/showMessage"] = function(_, told)
      require("funcseek.message").of_server(told)
    end,
    ["funcseek/statusChanged"] = function(_, line, context)
      require("funcseek.statusline").changed(context.client_id, line)
    end,
  },
}
