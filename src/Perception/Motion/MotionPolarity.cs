namespace EdgeAutonomy.Perception;

/// <summary>What the two input channels of a <see cref="MotionKernel"/> stand for.</summary>
public enum MotionPolarity
{
    /// <summary>Channel 0 = OFF, channel 1 = ON (HD-SNN as published). A kernel of this kind answers differently to a scene and its negative.</summary>
    Absolute,

    /// <summary>Channel 0 = same sign as the event in the middle, channel 1 = the other sign: a scene and its negative give the same answer by construction.</summary>
    Relative,
}
