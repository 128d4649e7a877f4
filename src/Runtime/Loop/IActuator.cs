namespace EdgeAutonomy.Runtime;

/// <summary>Carries an action out. Only the loop's guard and the watchdog may call it.</summary>
/// <typeparam name="TAction">The action, an unmanaged struct.</typeparam>
public interface IActuator<TAction> : IStage
{
    /// <summary>Sends one command that has passed the guard. Loop thread only.</summary>
    /// <returns><see cref="FailureCode.Refused"/> when the device nacked, <see cref="FailureCode.Unavailable"/> when it is not there.</returns>
    StageStatus Act(in TAction action, in CycleContext context);

    /// <summary>Puts the device into its safe state at once, and keeps it there until the next <see cref="Act"/>.</summary>
    /// <remarks>Any thread, also while <see cref="Act"/> hangs on another; must not wait for the loop, must not throw, may be called twice.</remarks>
    void MakeSafe();
}
