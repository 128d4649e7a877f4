using System.Diagnostics;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>The same as the cut of <see cref="BundleStoreTests"/>, with a process that is really killed (SIGKILL) at each step.</summary>
public sealed class BundleStoreKillTests : IDisposable
{
    private readonly BundleWorkshop _shop = new();

    public void Dispose() => _shop.Dispose();

    [SkippableTheory]
    [InlineData("promote")]
    [InlineData("rollback")]
    public void AnyChange_KilledAtAnyStep_LeavesAWorkingStoreAndCanBeRepeated(string change)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Needs Linux: SIGKILL and flock.");
        string pem = Path.Combine(_shop.Root, "lab.pem");
        File.WriteAllText(pem, _shop.PublicPem);
        int kills = 0;
        while (true)
        {
            string root = Path.Combine(_shop.Root, $"kill-{change}-{kills}");
            var plan = StorePlan.Prepare(root, _shop);
            if (change == "promote")
            {
                using var prepared = new BundleStore(root, _shop.Loader);
                // Only the pointers' part is killed; installing has as many steps again and is cut in-process.
                prepared.Install(plan.NewFolder);
                prepared.SetCandidate(plan.New);
            }
            bool wasKilled = KillAt(string.Join('|', root, change, kills, pem, plan.Old, plan.Now, plan.New, plan.NewFolder));
            using var after = new BundleStore(root, _shop.Loader);
            plan.CheckAfterCut(change, after);
            plan.Do(change, after);
            plan.CheckDone(change, after);
            if (!wasKilled) break;
            kills++;
        }
        Assert.True(kills >= 8, $"{change} was killed {kills} times.");
    }

    private static bool KillAt(string plan)
    {
        string program = typeof(BundleStoreKillTests).Assembly.Location;
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", ["exec", program])
        {
            RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true,
        };
        start.Environment["DOTNET_STARTUP_HOOKS"] = program;
        start.Environment[StartupHook.Variable] = plan;
        using var child = Process.Start(start)!;
        var errors = child.StandardError.ReadToEndAsync();
        string? line = child.StandardOutput.ReadLine();
        if (line == "waiting") child.Kill();
        child.WaitForExit();
        Assert.True(line is "waiting" or "done", $"The child said '{line}'.");
        _ = errors;
        return line == "waiting";
    }
}
