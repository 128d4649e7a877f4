namespace EdgeAutonomy.Agents.Tests;

public class MissionViewTests
{
    [Fact]
    public void Resize_AfterUse_LeavesZerosAndNothingExecutable()
    {
        var view = new MissionView(new MissionShape(2, 3, 4, "test"));
        view.Resize(3);
        view.Candidate(2).Fill(1);
        view.Executable[2] = true;
        view.Resize(1);
        view.Resize(3);
        Assert.Equal(new float[12], view.Candidates.ToArray());
        Assert.Equal(new bool[3], view.Executable.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Resize(-1));
    }
}
