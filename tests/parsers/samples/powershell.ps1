# A pool of connections: the sample for PowerShell.

<#
.SYNOPSIS
Opens a connection.
#>
function Open-Connection {
    [CmdletBinding()]
    param(
        [string]$HostName,
        [int]$Port = 5432
    )
    process {
        Write-Output $HostName
    }
}

# Doubles.
function Get-Twice($n) {
    return $n * 2
}

filter Select-Free { if ($_.Free) { $_ } }

class Pool : Base {
    [int]$Size

    Pool([int]$size) {
        $this.Size = $size
    }

    # Closes it.
    [void] Close([string]$reason) {
        $this.Size = 0
    }

    static [Pool] Make() {
        return [Pool]::new(1)
    }
}
