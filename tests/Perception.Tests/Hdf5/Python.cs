using System.Diagnostics;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>Runs the reference library, h5py, where it is installed (Debian: python3-h5py).</summary>
internal static class Python
{
    private static readonly string? Interpreter = Find();

    /// <summary>Runs a script and returns what it prints; skips the test where h5py is absent.</summary>
    public static string Run(string script, params string[] arguments)
    {
        Skip.If(Interpreter is null, "no Python with h5py and numpy was found; install python3-h5py to run this test");
        var (code, output, error) = Start(Interpreter, script, arguments);
        Assert.True(code == 0, $"Python ended with {code}:\n{error}");
        return output;
    }

    private static string? Find()
    {
        foreach (string name in new[] { "python3", "/usr/bin/python3", "python" })
        {
            try
            {
                if (Start(name, "import h5py, numpy", []).Code == 0) return name;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // not installed under this name
            }
        }
        return null;
    }

    private static (int Code, string Output, string Error) Start(string interpreter, string script, string[] arguments)
    {
        var start = new ProcessStartInfo(interpreter) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
