namespace EdgeAutonomy.Learning.Tests.Missions;

public sealed class AlfWorldFoldersTests : IDisposable
{
    // A split that no cache of games has.
    private const string Split = "valid_imagined";
    private readonly string _root = Directory.CreateTempSubdirectory("edge-alfworld").FullName;

    [Fact]
    public void Find_FolderNamedInAnyOfFourWays_IsFoundTheNearestFirst()
    {
        Assert.Null(AlfWorldFolders.Find(_root, Split));
        Assert.Null(AlfWorldFolders.Find(null, Split));
        // From the last place looked at to the first: each one made takes precedence over those before.
        foreach (string place in (string[])[Path.Combine("alfworld", "json_2.1.1"), "alfworld", "json_2.1.1", ""])
        {
            string folder = Directory.CreateDirectory(Path.Combine(_root, place, Split)).FullName;
            Assert.Equal(folder, AlfWorldFolders.Find(_root, Split));
        }
        Assert.Null(AlfWorldFolders.Find(_root, "train_imagined"));
        Assert.Null(AlfWorldFolders.Find(Path.Combine(_root, "absent"), Split));
    }

    [Fact]
    public void Find_FileOfThatName_IsNoFolder()
    {
        File.WriteAllText(Path.Combine(_root, Split), "");
        Assert.Null(AlfWorldFolders.Find(_root, Split));
    }

    [SkippableFact]
    public void Find_DataWithoutGames_TakesTheUnpackedOnes()
    {
        string cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "edge-autonomy", "alfworld", "json_2.1.1", "valid_unseen");
        Skip.If(!Directory.Exists(cache), $"{cache} is absent: the games are not unpacked");
        Assert.Equal(cache, AlfWorldFolders.Find(null, "valid_unseen"));
        Assert.Equal(cache, AlfWorldFolders.Find(_root, "valid_unseen"));
        // A folder that was named wins over them.
        string own = Directory.CreateDirectory(Path.Combine(_root, "valid_unseen")).FullName;
        Assert.Equal(own, AlfWorldFolders.Find(_root, "valid_unseen"));
    }

    [Fact]
    public void Open_Absent_SaysWhereItLookedAndHowToGetIt()
    {
        string named = Assert.Throws<DirectoryNotFoundException>(() => AlfWorldFolders.Open(_root, Split)).Message, unnamed = Assert.Throws<DirectoryNotFoundException>(() => AlfWorldFolders.Open(null, Split)).Message;
        foreach (string message in (string[])[named, unnamed])
        {
            foreach (string part in (string[])[$"json_2.1.1/{Split}", "~/.cache/edge-autonomy/alfworld", $"tar -xJf {Split}.tar.xz", "--data"]) Assert.Contains(part, message, StringComparison.Ordinal);
        }
        Assert.Contains($"under '{_root}'", named, StringComparison.Ordinal);
        Assert.DoesNotContain("under '", unnamed, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FolderWithAGame_NumbersItAndTellsTheSplit()
    {
        foreach (string split in (string[])["train", Split])
        {
            string trial = Directory.CreateDirectory(Path.Combine(_root, "json_2.1.1", split, "task", "trial")).FullName;
            File.WriteAllText(Path.Combine(trial, "game.tw-pddl"), "{}");
            var games = AlfWorldFolders.Open(_root, split);
            Assert.Equal((1, $"alfworld/{split}", split != "train"), (games.Count, games.Name, games.IsHeldOut(0)));
        }
        Directory.CreateDirectory(Path.Combine(_root, "valid_empty"));
        Assert.Contains("no game.tw-pddl", Assert.Throws<InvalidDataException>(() => AlfWorldFolders.Open(_root, "valid_empty")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, true);
}
