namespace EdgeAutonomy.Host;

/// <summary>Looks at a machine, one check after the other. Changes nothing on it and needs no rights.</summary>
internal static class Doctor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Gets the checks, in the order in which they are shown.</summary>
    public static IReadOnlyList<(string Name, Func<DoctorContext, IEnumerable<Diagnosis>> Run)> Checks { get; } =
    [
        ("configuration", Configuration),
        ("board", BoardCheck.Run),
        ("realtime", RealTimeCheck.Run),
        ("realtime:wakeup", WakeUpCheck.Run),
        ("serial", SerialCheck.Run),
        ("mqtt", BrokerCheck.Run),
        ("onnx", InferenceCheck.Run),
        ("storage", StorageCheck.Run),
    ];

    /// <summary>Runs all checks.</summary>
    /// <param name="context">What is known.</param>
    /// <param name="begin">Told the name of each check when it begins.</param>
    /// <param name="checks">Which; null = all.</param>
    public static IReadOnlyList<Diagnosis> Run(DoctorContext context, Action<string> begin, IReadOnlyList<(string Name, Func<DoctorContext, IEnumerable<Diagnosis>> Run)>? checks = null)
    {
        var all = new List<Diagnosis>();
        foreach (var (name, run) in checks ?? Checks)
        {
            begin(name);
            all.AddRange(Examine(name, run, context));
        }
        return all;
    }

    // A check that fails or hangs is a finding like others: the rest of the machine is still worth a look.
    private static List<Diagnosis> Examine(string name, Func<DoctorContext, IEnumerable<Diagnosis>> run, DoctorContext context)
    {
        var task = Task.Factory.StartNew(() => run(context).ToList(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            if (task.Wait(Patience)) return task.Result;
            return [Diagnosis.Warning(name, $"Looking at {name} did not end within {Patience.TotalSeconds:0} s.", "Try again; something on this machine does not answer.")];
        }
        catch (AggregateException failed)
        {
            var error = failed.GetBaseException();
            return [Diagnosis.Warning(name, $"Bug in EdgeAutonomy.Host: looking at {name} failed: {error.GetType().Name}: {error.Message}", "Report it; the other checks stand.")];
        }
    }

    private static IEnumerable<Diagnosis> Configuration(DoctorContext context)
    {
        if (context.Configuration is not { } configuration) yield break;
        foreach (var finding in configuration.Findings) yield return new Diagnosis(finding.Where, finding.Severity == Severity.Error ? DiagnosisLevel.Error : DiagnosisLevel.Warning, finding.Message, finding.Remedy);
        if (configuration.Findings.Count == 0) yield return Diagnosis.Ok("configuration", $"{context.File} has no errors.");
    }
}
