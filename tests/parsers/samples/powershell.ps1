# A pool of connections: the sample for PowerShell.

<#
.SYNOPSIS
Opens a connection.
#>
function Open-Connection {
    [CmdletBinding()]
    param(
        [string]$HostName, # where
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

function Close-Connection
{
    <#
    .SYNOPSIS
    Closes it.
    #>
    param([switch]$Force)
    $Force
}

function Get-Help {
    # Not for people.
    1
}

function Get-OneLine { param($a) $a }
function script:Get-Scoped { 1 }
function Set-Nothing {}
function Outer {
    function Inner { 1 }
    Inner
}

filter Select-Free { if ($_.Free) { $_ } }
workflow Start-Pool { Get-Twice 1 }

$double = { param($n) $n * 2 }
$script:half = { $_ / 2 }
[scriptblock]$typed = { 1 }
$table = @{
    Open = { param($x) $x }
    'Close' = { 1 }
    Size = 1
}
$used = Invoke-Command { 1 }

class Pool : Base {
    [int]$Size

    Pool([int]$size) {
        $this.Size = $size
    }

    Pool() : base(1) { }

    # Closes it.
    [void] Close([string]$reason) {
        $this.Size = 0
    }

    static [Pool] Make() {
        return [Pool]::new(1)
    }

    hidden Reset() { }
}

Describe 'Pool' {
    BeforeEach { $pool = 1 }
    Context 'when empty' {
        It 'gives none out' { $pool | Should -Be 1 }
        It "waits" -Skip {
            1
        }
    }
}
