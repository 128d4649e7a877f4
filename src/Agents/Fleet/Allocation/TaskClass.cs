namespace EdgeAutonomy.Agents;

/// <summary>What a task demands before it is begun.</summary>
public enum TaskClass
{
    /// <summary>May be done twice without harm (patrol, scan): a claim that stood for a while is enough, so that both sides of a cut network go on.</summary>
    Idempotent,

    /// <summary>Must be done by one robot (pick, dock, door): needs a fenced lease of a majority; the smaller side of a cut network waits.</summary>
    Exclusive,
}
