std = "luajit"
globals = { "vim" }
read_globals = { "Snacks", "MiniPick" }
max_line_length = 120
max_comment_line_length = false
