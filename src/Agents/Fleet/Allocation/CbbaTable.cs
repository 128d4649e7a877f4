namespace EdgeAutonomy.Agents;

/// <summary>The 17 rules by which two robots agree who wins a task (Choi, Brunet and How, IEEE T-RO 2009, table 1).</summary>
/// <remarks>Pure. Random runs converge with wrong cells too, so every cell has its own test.</remarks>
public static class CbbaTable
{
    /// <summary>What a cell looks at.</summary>
    /// <param name="Better">The sender's bid is higher, or equal and its winner's name is lower.</param>
    /// <param name="NewerA">The sender has later news of its winner than the receiver.</param>
    /// <param name="OlderA">The receiver has later news of the sender's winner than the sender.</param>
    /// <param name="NewerB">The sender has later news of the receiver's winner than the receiver.</param>
    public readonly record struct News(bool Better, bool NewerA = false, bool OlderA = false, bool NewerB = false);

    /// <summary>The number of cells.</summary>
    public const int Cells = 17;

    /// <summary>Returns the cell: rows are the sender's winner (sender, receiver, third, nobody), columns the receiver's (receiver, sender, third, nobody); a third row has two thirds, same and other.</summary>
    /// <param name="a">The winner as the sender thinks.</param>
    /// <param name="b">The winner as the receiver thinks.</param>
    /// <param name="sameThird">Whether both are thirds and the same.</param>
    public static int Cell(CbbaParty a, CbbaParty b, bool sameThird)
    {
        int column = b switch { CbbaParty.Receiver => 0, CbbaParty.Sender => 1, CbbaParty.Third => 2, _ => 3 };
        return a switch
        {
            CbbaParty.Sender => column,
            CbbaParty.Receiver => 4 + column,
            CbbaParty.Third => b == CbbaParty.Nobody ? 12 : b == CbbaParty.Third && !sameThird ? 11 : 8 + column,
            _ => 13 + column,
        };
    }

    /// <summary>Returns what the receiver does.</summary>
    /// <param name="cell">As <see cref="Cell"/> says.</param>
    /// <param name="news">What is known.</param>
    public static CbbaAction Decide(int cell, in News news) => cell switch
    {
        // The sender thinks it wins itself.
        0 => If(news.Better),
        1 => CbbaAction.Update,
        2 => If(news.NewerB || news.Better),
        3 => CbbaAction.Update,
        // The sender thinks that the receiver wins.
        4 => CbbaAction.Leave,
        5 => CbbaAction.Reset,
        6 => news.NewerB ? CbbaAction.Reset : CbbaAction.Leave,
        7 => CbbaAction.Leave,
        // The sender thinks that a third robot wins.
        8 => If(news.NewerA && news.Better),
        9 => news.NewerA ? CbbaAction.Update : CbbaAction.Reset,
        10 => If(news.NewerA),
        11 => news.NewerA && (news.NewerB || news.Better) ? CbbaAction.Update : news.NewerB && news.OlderA ? CbbaAction.Reset : CbbaAction.Leave,
        12 => If(news.NewerA),
        // The sender thinks that nobody wins.
        13 => CbbaAction.Leave,
        14 => CbbaAction.Update,
        15 => If(news.NewerB),
        16 => CbbaAction.Leave,
        _ => throw new ArgumentOutOfRangeException(nameof(cell), cell, "CBBA cell must be in [0, 16]."),
    };

    private static CbbaAction If(bool update) => update ? CbbaAction.Update : CbbaAction.Leave;
}
