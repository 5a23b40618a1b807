/** The folders the tests open: source in several languages, written anew for each run. */

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

const NET = `"""Talking to other machines."""

import time


def get(url):
    """Download a web page and return its text."""
    return opener.open(url).read().decode()


class Client:
    @traced
    def fetch(self, url, attempts=5):
        """Retry a request with growing pauses between the attempts."""
        for attempt in range(attempts):
            try:
                return get(url)
            except OSError:
                time.sleep(2**attempt)
        raise TimeoutError(url)
`;

const CONFIG = `"""Settings."""

import json


def load_settings(path):
    """Read the configuration from disk."""
    with open(path) as file:
        return json.load(file)


def save_settings(path, settings):
    """Write the configuration to disk."""
    with open(path, "w") as file:
        json.dump(settings, file)


def is_prime(number):
    """Say whether a number has no divisors but one and itself."""
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))
`;

const MAIL = `# Sends an email message with attachments to a list of people.
def send_message(people, subject, attachments)
  transport.deliver(to: people.join(", "), subject: subject, attachments: attachments)
end

# Opens a connection to the database and waits until it answers.
def connect_to_database(address)
  connection = driver.open(address)
  connection.ping
  connection
end
`;

const QUEUE = `package queue

// Push adds an element to the end of the queue.
func (q *Queue) Push(element Element) {
	q.elements = append(q.elements, element)
}

// RemoveDuplicates returns the elements without those that were there before.
func RemoveDuplicates(elements []string) []string {
	seen := map[string]bool{}
	kept := elements[:0]
	for _, element := range elements {
		if !seen[element] {
			seen[element] = true
			kept = append(kept, element)
		}
	}
	return kept
}
`;

/** The files of the folder that most tests open, by path. */
export const SHOP: Readonly<Record<string, string>> = {
  "src/net.py": NET,
  "src/config.py": CONFIG,
  "web/mail.rb": MAIL,
  "queue/queue.go": QUEUE,
  "NOTES.txt": `${Array.from({ length: 200 }, (_, line) => `Line ${line + 1} of the notes.`).join("\n")}\n`,
};

/** Return a new folder for everything of one run, short enough for a socket's path. */
export function scratch(): string {
  return mkdtempSync(path.join(tmpdir(), "fsv-"));
}

export function write(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/** Run git in a folder, with nobody's configuration. */
export function git(folder: string, ...command: string[]): void {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  const who = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
  execFileSync("git", ["-C", folder, ...who, ...command], { env, stdio: "pipe" });
}

/** Return the source of functions none of which is another's copy, numbered from `file * count` on. */
export function manyFunctions(file: number, count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => file * count + index);
  return numbers.map((number) => `def step_${number}(value):\n    return value + ${number}\n\n\n`).join("");
}
