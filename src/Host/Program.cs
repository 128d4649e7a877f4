using EdgeAutonomy.Host;

// An exception on a thread of its own cannot be answered any more: say so with a code that systemd and scripts can tell from others.
AppDomain.CurrentDomain.UnhandledException += (_, e) =>
{
    Console.Error.WriteLine($"edge: Bug in EdgeAutonomy: an exception escaped a thread; the process ends with {(int)ExitCode.Crash}. {e.ExceptionObject}");
    ProcessExit.Now(ExitCode.Crash);
};
return EdgeProgram.Run(args, Terminal.OfProcess());
