using System.Reflection;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Architecture.Tests;

/// <summary>An arrow only ever points down; read from what the compiler wrote into each assembly.</summary>
public class LayerTests
{
    /// <summary>Each project and all it may use. Projects that are not there yet stand here already, so that the rule meets them on their first day.</summary>
    public static TheoryData<string, string[]> Layers => new()
    {
        { "Runtime", [] },
        { "Recording", ["Runtime"] },
        { "Sensors", ["Runtime"] },
        { "Perception", ["Runtime"] },
        { "Policies", ["Runtime"] },
        { "FirmwareBridge", ["Runtime"] },
        { "Agents", ["Runtime", "Policies"] },
        { "MqttNet", ["Runtime", "Policies", "Agents"] },
        { "Learning", ["Runtime", "Sensors", "Perception", "Policies", "Agents", "Simulation"] },
        { "Simulation", ["Runtime", "Sensors"] },
        { "Host", ["Runtime", "Recording", "Sensors", "Perception", "Policies", "FirmwareBridge", "Agents", "MqttNet", "Learning", "Simulation"] },
    };

    /// <summary>Projects that are built only where a package is that not every registry carries.</summary>
    private static readonly string[] Optional = ["MqttNet"];

    [Theory]
    [MemberData(nameof(Layers))]
    public void References_OfEachProject_PointDownOnly(string project, string[] allowed)
    {
        string file = AssemblyFile(project);
        if (!File.Exists(file))
        {
            if (Optional.Contains(project)) return;
            Assert.False(Directory.Exists(Path.Combine(SharedData.RepositoryRoot, "src", project)), $"src/{project} exists, but {Path.GetFileName(file)} was not built beside the program; reference it from src/Host.");
            return;
        }
        var own = ReferencesOf(file).Where(n => n.StartsWith("EdgeAutonomy.", StringComparison.Ordinal)).Select(n => n["EdgeAutonomy.".Length..]);
        Assert.Empty(own.Except(allowed));
    }

    [Fact]
    public void Projects_UnderSrc_AllHaveALayer()
    {
        var folders = Directory.GetDirectories(Path.Combine(SharedData.RepositoryRoot, "src")).Select(d => Path.GetFileName(d)!).Where(n => n is not "bin" and not "obj");
        Assert.Empty(folders.Except(Layers.Select(row => (string)row[0]!)));
    }

    [Fact]
    public void References_OfTheKernelLayers_HoldNoHostingAndNoConsole()
    {
        foreach (string project in (string[])["Runtime", "Sensors", "Perception", "Policies", "Simulation"])
        {
            string[] foreign = [.. ReferencesOf(AssemblyFile(project)).Where(n => !n.StartsWith("System", StringComparison.Ordinal) && !n.StartsWith("EdgeAutonomy.", StringComparison.Ordinal) && n != "Microsoft.Win32.Primitives")];
            Assert.Empty(foreign);
        }
    }

    /// <summary>The control: the rule does see references, so an empty answer means something.</summary>
    [Fact]
    public void References_OfTheHost_AreSeen() => Assert.Contains("EdgeAutonomy.Runtime", ReferencesOf(AssemblyFile("Host")));

    private static string AssemblyFile(string project) => Path.Combine(AppContext.BaseDirectory, project == "Host" ? "edge.dll" : $"EdgeAutonomy.{project}.dll");

    private static string[] ReferencesOf(string file) => [.. Assembly.LoadFrom(file).GetReferencedAssemblies().Select(n => n.Name!)];
}
