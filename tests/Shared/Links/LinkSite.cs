using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Tests;

/// <summary>A broker, or what stands for one, with links to it and the faults that can befall them: what <see cref="LinkConformance"/> runs on.</summary>
/// <remarks>
/// Nothing here sleeps: time passes through <see cref="Await"/> and <see cref="Pass"/>, which a site in virtual time turns into steps of its clock.
/// Rights of every client: read and write below <c>t/</c>, write only below <c>secret/</c>, nothing elsewhere.
/// </remarks>
public abstract class LinkSite : IDisposable
{
    /// <summary>How many times a link can be made and thrown away in reasonable time.</summary>
    public virtual int Cycles => 200;

    /// <summary>Makes a link that is not started; the site puts its own address into the options.</summary>
    public abstract IMqttLink Create(LinkOptions options);

    /// <summary>Lets time pass until the condition holds; fails the test when it does not within ten seconds.</summary>
    public abstract void Await(Func<bool> condition, string what);

    /// <summary>Lets time pass.</summary>
    public abstract void Pass(TimeSpan time);

    /// <summary>Breaks a link's connection without a word; the link may come back at once.</summary>
    public abstract void Cut(IMqttLink link);

    /// <summary>Breaks a link's connection and lets no new one through until <see cref="Unblock"/>.</summary>
    public abstract void Block(IMqttLink link);

    /// <summary>Lets a link connect again.</summary>
    public abstract void Unblock(IMqttLink link);

    /// <summary>Holds back all that a link sends and is sent, without breaking the connection; <see cref="Cut"/> and <see cref="Block"/> end it.</summary>
    public abstract void Stall(IMqttLink link);

    /// <summary>Lets go of a link that the test has disposed of.</summary>
    public abstract void Forget(IMqttLink link);

    /// <summary>Ends the broker as a power cut would; sessions and kept messages are lost.</summary>
    public abstract void KillBroker();

    /// <summary>Starts the broker again after <see cref="KillBroker"/>.</summary>
    public abstract void StartBroker();

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Options that come back quickly after a loss.</summary>
    public static LinkOptions Options(string id) => new() { Broker = new Uri("mqtt://127.0.0.1:1"), ClientId = id, MaxRetrySeconds = 0.2, Seed = 7 };

    /// <summary>Lets time pass until a task has ended, and returns its result.</summary>
    public T Finish<T>(Task<T> task, string what)
    {
        Await(() => task.IsCompleted, what);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Lets time pass until a task has ended.</summary>
    public void Finish(Task task, string what)
    {
        Await(() => task.IsCompleted, what);
        task.GetAwaiter().GetResult();
    }

    /// <summary>Makes and starts a link that must come up.</summary>
    public IMqttLink Up(LinkOptions options)
    {
        var link = Create(options);
        var status = Finish(link.StartAsync(), $"'{options.ClientId}' is up");
        Assert.True(status.State == LinkState.Up, $"'{options.ClientId}' is {status.State}: {status.Reason}");
        return link;
    }

    /// <summary>Makes and starts a link that must come up.</summary>
    public IMqttLink Up(string id) => Up(Options(id));
}
