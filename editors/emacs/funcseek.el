;;; funcseek.el --- Find a function by what it does  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: tools, convenience
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; M-x funcseek-search      describe a function in plain words and go to it
;; M-x funcseek-similar     functions like the one at point, in any language
;; M-x funcseek-status      how much of the project can be found, and what is lacking
;; M-x funcseek-quit        end the language server
;;
;; With a prefix argument the first two list what was found in a buffer through which `next-error' goes.
;;
;; Eglot runs one server in a buffer, and that is the language's own.  So this package speaks to `funcseek lsp' by
;; itself: one process for each project, which ends with Emacs.  Unsaved text counts: it is told before each question.
;; Nothing is bound to a key.

;;; Code:

(require 'cl-lib)
(require 'grep)
(require 'jsonrpc)
(require 'project)
(require 'subr-x)
(require 'url-util)
(require 'xref)

(defgroup funcseek nil
  "Find a function by what it does."
  :group 'tools)

(defcustom funcseek-command '("funcseek" "lsp")
  "Program that is the language server, and its arguments."
  :type '(repeat string)
  :risky t)

(defcustom funcseek-limit 20
  "How many functions are shown, 1 to 100."
  :type 'integer)

(defcustom funcseek-timeout-seconds 10
  "How long an answer is waited for."
  :type 'number)

(defvar funcseek-history nil "What was searched for.")

(defvar funcseek--connections (make-hash-table :test #'equal) "The running server of each project, by its root.")

(defun funcseek--root ()
  "Return the folder that is searched: the project's, or else the buffer's."
  (expand-file-name (if-let ((project (project-current))) (project-root project) default-directory)))

(defun funcseek--uri (path)
  "Return the URI of the file at PATH."
  (concat "file://" (url-hexify-string (encode-coding-string (expand-file-name path) 'utf-8) url-path-allowed-chars)))

(defun funcseek--path (uri)
  "Return the path of the file at URI, nil for what is no file."
  (when (string-prefix-p "file://" uri)
    (decode-coding-string (url-unhex-string (substring uri (length "file://"))) 'utf-8)))

(defun funcseek--connection ()
  "Return a connection to the server of this project, started where none runs."
  (let* ((root (funcseek--root))
         (known (gethash root funcseek--connections)))
    (if (and known (jsonrpc-running-p known)) known
      (puthash root (funcseek--connect root) funcseek--connections))))

(defun funcseek--connect (root)
  "Start a server for the folder ROOT."
  (unless (executable-find (car funcseek-command))
    (user-error "%s is not installed; install funcseek, or set funcseek-command" (car funcseek-command)))
  (let ((connection (make-instance
                     'jsonrpc-process-connection
                     :name "funcseek"
                     :events-buffer-scrollback-size 0
                     :process (lambda ()
                                (make-process :name "funcseek" :command funcseek-command :connection-type 'pipe
                                              :coding 'utf-8-emacs-unix :noquery t
                                              :stderr (get-buffer-create "*funcseek log*")))
                     :request-dispatcher #'ignore
                     :notification-dispatcher #'funcseek--notified)))
    ;; Emacs counts characters: with utf-32 no position has to be converted.
    (jsonrpc-request connection :initialize
                     `(:processId ,(emacs-pid) :rootUri ,(funcseek--uri root)
                       :capabilities (:general (:positionEncodings ["utf-32"])))
                     :timeout funcseek-timeout-seconds)
    (jsonrpc-notify connection :initialized (make-hash-table))
    connection))

(defun funcseek--notified (_connection method params)
  "Show a message of the server: METHOD with PARAMS."
  (when (eq method 'window/showMessage)
    (message "funcseek: %s" (plist-get params :message))))

(defun funcseek--ask (method params &rest buffers)
  "Return the answer to METHOD with PARAMS, with what is unsaved in BUFFERS."
  (let ((connection (funcseek--connection))
        (opened (delete-dups (append buffers (funcseek--unsaved)))))
    (dolist (buffer opened)
      (with-current-buffer buffer
        (jsonrpc-notify connection :textDocument/didOpen
                        `(:textDocument (:uri ,(funcseek--uri buffer-file-name) :version 0 :languageId ""
                                         :text ,(save-restriction
                                                  (widen)
                                                  (buffer-substring-no-properties (point-min) (point-max))))))))
    (unwind-protect
        (condition-case failure
            (jsonrpc-request connection method params :timeout funcseek-timeout-seconds
                             :cancel-on-input nil)
          (jsonrpc-error (user-error "%s" (or (alist-get 'jsonrpc-error-message (cdr failure))
                                              (error-message-string failure)))))
      (dolist (buffer opened)
        (with-current-buffer buffer
          (jsonrpc-notify connection :textDocument/didClose
                          `(:textDocument (:uri ,(funcseek--uri buffer-file-name)))))))))

(defun funcseek--unsaved ()
  "Return the buffers of this project whose text differs from their files."
  (let ((root (funcseek--root)))
    (cl-remove-if-not (lambda (buffer)
                        (let ((path (buffer-file-name buffer)))
                          (and path (buffer-modified-p buffer) (string-prefix-p root (expand-file-name path)))))
                      (buffer-list))))

(defun funcseek--place (item)
  "Return where ITEM is, as a name for people."
  (let ((path (funcseek--path (plist-get item :uri))))
    (format "%s:%d" (if path (file-relative-name path (funcseek--root)) (plist-get item :uri))
            (1+ (plist-get (plist-get (plist-get item :selectionRange) :start) :line)))))

(defun funcseek--visit (item)
  "Go to the name of ITEM."
  (let ((start (plist-get (plist-get item :selectionRange) :start))
        (path (or (funcseek--path (plist-get item :uri))
                  (user-error "%s is no file" (plist-get item :uri)))))
    (xref-push-marker-stack)
    (find-file path)
    (widen)
    (goto-char (point-min))
    (forward-line (plist-get start :line))
    (forward-char (min (plist-get start :character) (- (line-end-position) (point))))))

(defun funcseek--choose (prompt items)
  "Ask with PROMPT for one of ITEMS, in their order, and go to it."
  (let* ((known (make-hash-table :test #'equal))
         (labels (cl-loop for item in items
                          for label = (format "%s  %s" (plist-get item :qualifiedName) (funcseek--place item))
                          do (puthash label item known)
                          collect label))
         (annotate (lambda (label)
                     (let ((item (gethash label known)))
                       (format "  %s%s" (if-let ((likeness (plist-get item :likeness))) (concat likeness "  ") "")
                               (plist-get item :signature)))))
         (table (lambda (text predicate action)
                  (if (eq action 'metadata)
                      `(metadata (category . funcseek) (annotation-function . ,annotate)
                                 (display-sort-function . ,#'identity) (cycle-sort-function . ,#'identity))
                    (complete-with-action action labels text predicate))))
         (chosen (completing-read prompt table nil t nil 'funcseek--choices (car labels))))
    (funcseek--visit (or (gethash chosen known) (user-error "Nothing was chosen")))))

(defvar funcseek--choices nil "What was chosen.")

(defun funcseek--list (title items)
  "List ITEMS in their order in a buffer that begins with TITLE."
  (let ((root (funcseek--root))
        (lines (mapcar (lambda (item)
                         (format "%s: %s  %s\n" (funcseek--place item) (plist-get item :qualifiedName)
                                 (plist-get item :signature)))
                       items)))
    (with-current-buffer (get-buffer-create "*funcseek*")
      (let ((inhibit-read-only t))
        (erase-buffer)
        (setq default-directory root)
        (insert title "\n\n" (string-join lines)))
      (grep-mode)
      (goto-char (point-min))
      (display-buffer (current-buffer)))))

(defun funcseek--show (title answer is-list)
  "Show the items of ANSWER below TITLE, in a buffer where IS-LIST is set."
  (let ((items (append (plist-get answer :items) nil))
        (notices (string-join (append (plist-get answer :notices) nil) " ")))
    (cond ((null items) (message "No function found. %s" notices))
          (is-list (funcseek--list title items))
          (t (funcseek--choose (format "%s%s: " title (if (eq (plist-get answer :isConfident) t) "" " (no good match)"))
                               items)))))

;;;###autoload
(defun funcseek-search (query &optional is-list)
  "Go to a function of this project that does what QUERY describes.
With IS-LIST, list what is found."
  (interactive (list (read-string "Find a function that: " nil 'funcseek-history) current-prefix-arg))
  (funcseek--show query (funcseek--ask :funcseek/search `(:query ,query :limit ,funcseek-limit)) is-list))

;;;###autoload
(defun funcseek-similar (&optional is-list)
  "Go to a function like the one at point; with IS-LIST list what is found."
  (interactive "P")
  (unless buffer-file-name (user-error "This buffer is no file; save it first"))
  (let ((place `(:line ,(1- (line-number-at-pos nil t)) :character ,(- (point) (line-beginning-position)))))
    (funcseek--show "Similar functions"
                    (funcseek--ask :funcseek/similar
                                   `(:textDocument (:uri ,(funcseek--uri buffer-file-name)) :position ,place
                                     :limit ,funcseek-limit)
                                   (current-buffer))
                    is-list)))

;;;###autoload
(defun funcseek-status ()
  "Say how much of this project can be found, and what is lacking."
  (interactive)
  (let* ((status (funcseek--ask :funcseek/status nil))
         (root (aref (plist-get status :roots) 0))
         (problem (or (plist-get root :problem) (plist-get status :modelProblem))))
    (message "funcseek %s: %s, %d of %d functions by meaning%s" (plist-get status :version) (plist-get root :phase)
             (plist-get root :embedded) (plist-get root :functions) (if problem (concat "; " problem) ""))))

(defun funcseek-quit ()
  "End every language server of this package."
  (interactive)
  (maphash (lambda (_root connection)
             (when (jsonrpc-running-p connection)
               (ignore-errors (jsonrpc-request connection :shutdown nil :timeout 2))
               (jsonrpc-notify connection :exit nil)
               (jsonrpc-shutdown connection)))
           funcseek--connections)
  (clrhash funcseek--connections))

(add-hook 'kill-emacs-hook #'funcseek-quit)

(provide 'funcseek)
;;; funcseek.el ends here
