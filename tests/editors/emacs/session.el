;;; session.el --- What a test has Emacs do, and how it tells what came of it  -*- lexical-binding: t; -*-

;;; Commentary:

;; Each act is a function of this file; `session-run' calls one and writes what it returns as JSON to the file that the
;; environment names.  The language server is the one of the environment, too.

;;; Code:

(require 'cl-lib)
(require 'json)
(package-initialize)
(require 'eglot)
(require 'xref)

(defvar session-tree (getenv "SESSION_TREE"))
(defvar session-command (json-parse-string (getenv "SESSION_COMMAND") :array-type 'list))
(defvar funcseek-command)

(defun session-run (act)
  "Call ACT and write what it returns, or its error, to the answer's file."
  (let ((answer (condition-case failure (funcall act)
                  (error `(:error ,(error-message-string failure))))))
    (with-temp-file (getenv "SESSION_ANSWER") (insert (json-serialize answer :false-object :json-false)))))

(defun session-open (name)
  "Visit the file NAME of the tree as a user would."
  (find-file (expand-file-name name session-tree)))

(defun session-eglot (name)
  "Visit the file NAME and return the eglot server for it."
  (session-open name)
  (setq-local project-find-functions (list (lambda (_) (cons 'transient session-tree))))
  (let ((eglot-sync-connect 30)
        (eglot-connect-timeout 60))
    (eglot (list major-mode) (project-current) 'eglot-lsp-server session-command "python"))
  (eglot-current-server))

(defun session-pid (server)
  "Return the process id of the eglot SERVER."
  (process-id (jsonrpc--process server)))

(defun session-wait (server)
  "Wait until the folders of SERVER are read."
  (with-timeout (60 (error "The folder was never read"))
    (while (not (member (plist-get (aref (plist-get (jsonrpc-request server :funcseek/status nil) :roots) 0) :phase)
                        '("ready" "embedding")))
      (accept-process-output nil 0.05))))

(defun session-end (server)
  "Tell SERVER to leave and return its exit status, nil where it does not.
`eglot-shutdown' says the same, and then kills it before it can have left."
  (let ((process (jsonrpc--process server)))
    (jsonrpc-request server :shutdown nil)
    (jsonrpc-notify server :exit nil)
    (with-timeout (60 nil)
      (while (process-live-p process) (accept-process-output nil 0.05))
      (process-exit-status process))))

(defun session-summaries (xrefs)
  "Return what XREFS show, each with its line."
  (vconcat (mapcar (lambda (xref)
                     (vector (substring-no-properties (xref-item-summary xref))
                             (xref-location-line (xref-item-location xref))))
                   xrefs)))

(defun act-eglot ()
  "Search by every way that eglot has, and leave."
  (let* ((server (session-eglot "net.py")) (pid (session-pid server)) found apropos status command)
    (session-wait server)
    (goto-char (point-max))
    (insert "def typed_without_saving(): pass\n")
    (eglot--signal-textDocument/didChange)
    (setq found (jsonrpc-request server :funcseek/search '(:query "fetch retries typed without saving"))
          apropos (xref-backend-apropos 'eglot "fetch")
          status (jsonrpc-request server :funcseek/status nil)
          command (eglot-execute-command server "funcseek.search" ["total price"]))
    (set-buffer-modified-p nil)
    `(:pid ,pid
      :found ,(vconcat (mapcar (lambda (item) (plist-get item :name)) (plist-get found :items)))
      :apropos ,(session-summaries apropos)
      :functions ,(plist-get (aref (plist-get status :roots) 0) :functions)
      :command ,(plist-get (aref (plist-get command :items) 0) :name)
      :status ,(session-end server))))

(defun act-shutdown ()
  "Have eglot shut the server down while it is asked something."
  (let* ((server (session-eglot "net.py")) (pid (session-pid server)))
    (jsonrpc-async-request server :funcseek/search '(:query "fetch"))
    ;; A busy machine takes longer than the second and a half that is the default.
    (eglot-shutdown server nil 30)
    (list :pid pid :left (if (eglot-current-server) :json-false t))))

(defun act-kill ()
  "Connect and leave Emacs without a word to the server."
  (let ((server (session-eglot "net.py")))
    (list :pid (session-pid server))))

(defmacro session-choosing (label-number &rest body)
  "Run BODY as a user who takes the choice LABEL-NUMBER; return what was offered, in its order."
  `(let (offered)
     (let ((completing-read-function
            (lambda (_prompt table &rest _)
              (let ((sort (cdr (assq 'display-sort-function (cdr (completion-metadata "" table nil))))))
                (setq offered (funcall sort (all-completions "" table)))
                (nth ,label-number offered)))))
       ,@body)
     offered))

(defun session-load ()
  "Load the package, and wait until its server has read the tree."
  (load (getenv "SESSION_PACKAGE"))
  (setq funcseek-command session-command)
  (setq project-find-functions (list (lambda (_) (cons 'transient session-tree))))
  (session-open "net.py")
  (session-wait (funcseek--connection)))

(defun session-here ()
  "Return where point is."
  (list :file (file-name-nondirectory buffer-file-name) :line (line-number-at-pos) :word (thing-at-point 'symbol t)))

(defun act-package ()
  "Search with the package, take the second choice, and look for its like."
  (session-load)
  (let* ((offered (session-choosing 1 (funcseek-search "fetch with retries")))
         (here (session-here))
         (back (progn (xref-pop-marker-stack) (file-name-nondirectory buffer-file-name)))
         (_ (progn (session-open "net.py") (goto-char (point-min)) (search-forward "url")))
         (similar (session-choosing 0 (funcseek-similar)))
         (there (session-here))
         (pid (process-id (jsonrpc--process (funcseek--connection))))
         (status (funcseek-status)))
    (funcseek-quit)
    `(:offered ,(vconcat offered) ,@here :back ,back :similar ,(vconcat similar) :there ,(plist-get there :file)
      :status ,status :pid ,pid)))

(defun act-list ()
  "List with the package what is found, unsaved text too, and go through it."
  (session-load)
  (goto-char (point-min))
  (insert "# 漢😀\n\tdef typed_without_saving(): pass\n")
  (funcseek-search "typed without saving" t)
  (with-current-buffer "*funcseek*"
    (let ((text (buffer-substring-no-properties (point-min) (point-max))))
      (next-error 1 t)
      (with-current-buffer (get-file-buffer (expand-file-name "net.py" session-tree)) (set-buffer-modified-p nil))
      (list :text text :line (line-number-at-pos)))))

(defun act-refused ()
  "Ask for what cannot be answered, and go on."
  (session-load)
  (list :similar (condition-case failure (progn (goto-char (point-max)) (funcseek-similar) "")
                   (user-error (error-message-string failure)))
        :found (length (session-choosing 0 (funcseek-search "fetch")))
        :missing (let ((funcseek-command '("no-such-program")))
                   (funcseek-quit)
                   (condition-case failure (progn (funcseek-status) "") (user-error (error-message-string failure))))))

(provide 'session)
;;; session.el ends here
