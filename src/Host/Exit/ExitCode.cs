namespace EdgeAutonomy.Host;

/// <summary>The program's answers to its caller; the numbers follow sysexits where it has one.</summary>
public enum ExitCode
{
    /// <summary>All went well, or the operator stopped the run.</summary>
    Ok = 0,

    /// <summary>Two runs that were compared are not the same, or a policy did not pass what it must pass.</summary>
    Different = 1,

    /// <summary>Two runs cannot be compared.</summary>
    NotComparable = 2,

    /// <summary>The command line was wrong.</summary>
    Usage = 64,

    /// <summary>A named file is missing or may not be read.</summary>
    InputMissing = 66,

    /// <summary>A failure inside: a loop gave up, or a defect of ours.</summary>
    Internal = 70,

    /// <summary>The watchdog ended the process because a loop no longer turned.</summary>
    Stalled = 71,

    /// <summary>An exception escaped on a thread of its own; the process made its actuators safe and died.</summary>
    Crash = 72,

    /// <summary>Reading or writing failed, or a file's content is not what it must be.</summary>
    Io = 74,

    /// <summary>The configuration is wrong.</summary>
    Configuration = 78,

    /// <summary>The user ended work whose result would be incomplete (128 + SIGINT, as shells have it).</summary>
    Interrupted = 130,
}
