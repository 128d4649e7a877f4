using EdgeAutonomy.Agents;
using EdgeAutonomy.Agents.Tests;

/// <summary>Lets this test assembly run as a child process that changes a store and then waits, at one step, to be killed. .NET looks for this name.</summary>
internal sealed class StartupHook
{
    public const string Variable = "EDGE_STORE_CHILD";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } plan) return;
        string[] parts = plan.Split('|');
        var (root, change, left, pem) = (parts[0], parts[1], int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture), File.ReadAllText(parts[3]));
        var loader = new BundleLoader(new BundleKeys().With("lab", pem), BundleWorkshop.World, new BundleWorkshop.SumProbe());
        using (var store = new BundleStore(root, loader, (_, _) =>
        {
            if (left-- != 0) return;
            Console.WriteLine("waiting");
            Console.Out.Flush();
            Console.In.ReadToEnd();
        }))
        {
            new StorePlan(parts[4], parts[5], parts[6], parts[7]).Do(change, store);
        }
        Console.WriteLine("done");
        Environment.Exit(0);
    }
}
