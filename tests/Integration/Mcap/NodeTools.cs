using System.Diagnostics;
using System.Text.Json;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Integration.Mcap;

/// <summary>Runs the scripts of tests/Integration/node with the packages that lie in artifacts/node; skips where they are absent.</summary>
internal static class NodeTools
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static string Folder => Path.Combine(SharedData.RepositoryRoot, "artifacts", "node");

    /// <summary>Runs a script and returns the JSON object that it printed.</summary>
    public static JsonElement Run(string script, params string[] arguments)
    {
        Skip.IfNot(Directory.Exists(Path.Combine(Folder, "node_modules", "@mcap", "core")),
            "the npm packages @mcap/core and @mcap/support are absent; put them there with: mkdir -p artifacts/node && cp tests/Integration/node/package*.json artifacts/node/ && npm ci --ignore-scripts --prefix artifacts/node");
        // Modules are looked up from where the script lies. Under a name of its own: tests may run side by side.
        string copy = Path.Combine(Folder, $"{Guid.NewGuid():N}.mjs");
        File.Copy(Path.Combine(SharedData.RepositoryRoot, "tests", "Integration", "node", script), copy);
        try
        {
            var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            start.ArgumentList.Add(copy);
            foreach (string argument in arguments) start.ArgumentList.Add(argument);
            using var process = Start(start);
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"{script} did not end within {Patience}.");
            }
            Assert.True(process.ExitCode == 0, $"{script} ended with {process.ExitCode}: {errors.Result}");
            return JsonDocument.Parse(output.Result).RootElement;
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Skip.If(true, $"node cannot be started ({e.Message}); install Node.js 18 or later (apt-get install nodejs npm)");
            throw;
        }
    }
}
