namespace EdgeAutonomy.Tests;

/// <summary>Finds the recordings and oracles that lie beside the repository; they are never part of it.</summary>
public static class SharedData
{
    /// <summary>Gets the repository's root folder.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Returns the path of a shared file or folder, or skips the test with a reason that prints.</summary>
    /// <param name="relative">Path below the data folder, such as "events/expected.json".</param>
    public static string Require(string relative)
    {
        string path = Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared", "data", relative));
        Skip.IfNot(File.Exists(path) || Directory.Exists(path), $"shared data '{relative}' is absent; put the data folder beside the repository to run this test");
        return path;
    }

    private static string FindRoot()
    {
        for (var dir = new DirectoryInfo(AppContext.BaseDirectory); dir is not null; dir = dir.Parent)
        {
            if (File.Exists(Path.Combine(dir.FullName, "EdgeAutonomy.sln"))) return dir.FullName;
        }
        throw new InvalidOperationException($"Tests run from {AppContext.BaseDirectory}, which is not inside the repository; run them with ./edge test.");
    }
}
