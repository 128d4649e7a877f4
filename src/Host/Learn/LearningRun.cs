using EdgeAutonomy.Learning;

namespace EdgeAutonomy.Host;

/// <summary>Runs long learning work with a progress line, an orderly end on Ctrl-C, and errors as sentences.</summary>
internal static class LearningRun
{
    /// <summary>Runs it.</summary>
    /// <exception cref="EdgeException">It did not work out.</exception>
    public static T Run<T>(Terminal terminal, string name, Func<CancellationToken, ExperimentContext> context, Func<ExperimentContext, T> work)
    {
        using var signals = new StopSignals();
        using var progress = new ProgressLine(terminal, name);
        try
        {
            return work(context(signals.Token) with { Progress = progress.Report });
        }
        catch (OperationCanceledException)
        {
            throw new EdgeException(ExitCode.Interrupted, $"{name} was ended early; no result was written.");
        }
    }

    /// <summary>Returns the folder of the recordings: the one named, or the one beside the repository; null where there is none.</summary>
    /// <exception cref="EdgeException">The one named does not exist.</exception>
    public static string? Data(string? folder)
    {
        if (folder is not null) return Directory.Exists(folder) ? folder : throw new EdgeException(ExitCode.InputMissing, $"{folder} does not exist; --data takes the folder of the recordings.");
        for (var dir = new DirectoryInfo(Directory.GetCurrentDirectory()); dir is not null; dir = dir.Parent)
        {
            string near = Path.Combine(dir.FullName, "shared", "data");
            if (Directory.Exists(near)) return near;
        }
        return null;
    }

    /// <summary>Finds out before hours of work whether its result can be written.</summary>
    /// <exception cref="EdgeException">It cannot.</exception>
    public static void CheckFolder(string file)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, $".{Path.GetFileName(file)}.probe");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EdgeException(ExitCode.Io, $"{file} cannot be written: {error.Message} Give another --out.", error);
        }
    }
}
