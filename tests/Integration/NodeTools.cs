using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Integration;

/// <summary>Runs the scripts of tests/Integration/node with the packages that `./edge setup` puts into artifacts/node; skips where they are absent.</summary>
internal static class NodeTools
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static string Source => Path.Combine(SharedData.RepositoryRoot, "tests", "Integration", "node");

    private static string Target => Path.Combine(SharedData.RepositoryRoot, "artifacts", "node");

    /// <summary>Runs a script and returns the JSON object that it printed.</summary>
    public static JsonElement Run(string script, params string[] arguments) => RunAsync(script, arguments).GetAwaiter().GetResult();

    /// <summary>Runs a script and returns the JSON object that it printed.</summary>
    public static async Task<JsonElement> RunAsync(string script, params string[] arguments)
    {
        Require();
        // Modules are looked up from where the script lies. Under a name of its own: tests may run side by side.
        string copy = Path.Combine(Target, $"{Guid.NewGuid():N}.mjs");
        File.Copy(Path.Combine(Source, script), copy);
        try
        {
            using var process = Start(new ProcessStartInfo("node", [copy, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true });
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"{script} did not end within {Patience}.");
            }
            Assert.True(process.ExitCode == 0, $"{script} ended with {process.ExitCode}: {await errors}");
            using var document = JsonDocument.Parse(await output);
            return document.RootElement.Clone();
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static void Require()
    {
        string lockFile = Path.Combine(Target, "package-lock.json");
        Skip.IfNot(Directory.Exists(Path.Combine(Target, "node_modules")) && File.Exists(lockFile), "the npm packages of tests/Integration/node are absent; `./edge setup` puts them into artifacts/node.");
        Skip.IfNot(File.ReadAllBytes(lockFile).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(Source, "package-lock.json"))), "the npm packages in artifacts/node are of other versions than tests/Integration/node asks for; `./edge setup` brings them up to date.");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            Skip.If(true, $"node cannot be started ({e.Message}); install Node.js 18 or later (apt-get install nodejs npm).");
            throw;
        }
    }
}
