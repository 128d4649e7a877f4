namespace EdgeAutonomy.Runtime;

/// <summary>Something whose content can be put into a state hash: a sample, a percept, an action, or a stage's state.</summary>
public interface IPayload
{
    /// <summary>Adds every bit that later cycles or the actuator depend on, in a fixed order. Must not allocate.</summary>
    void AddTo(ref StateHasher hasher);
}
