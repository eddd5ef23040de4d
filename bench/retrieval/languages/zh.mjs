export default {
  code: 'zh',
  names: ['王建国', '李小梅', '张伟明', '刘思雨', '陈志强', '杨丽华', '赵文博', '黄雅婷', '周海涛'],
  stopWords:
    '的 了 是 在 我 你 您 他 她 们 和 也 都 就 不 要 把 被 给 吗 呢 什么 哪个 哪些 谁 怎么 请 这 那 有 对',
  talk: [
    '早上好，请问有什么可以帮您？',
    '非常感谢，祝您愉快。',
    '请稍等，我查一下。',
    '您能拼一下吗？',
    '没有别的了，谢谢。',
    '好的，到时候见。',
  ],
  callback: {
    turns: ['user! 我是{name}，请回电到{phone}。', 'agent 我们下午给您打电话。'],
    question: '拨打{asked}能找到谁？',
  },
  move: {
    turns: [
      'user 我是{name}，我的预约需要改期。',
      'agent 您什么时候方便？',
      'user! {item}',
      'agent 日历里已经改好了。',
    ],
    question: '{name}提出的新时间是什么？',
    items: ['星期四四点以后。', '星期一早上九点。', '星期五，不过只能在中午之前。'],
  },
  dated: {
    turns: ['user! 还是我，{name}。{topic}', 'agent 谢谢您告诉我们。'],
    onDate: '{date}{name}为什么打来电话？',
    lastWeek: '{name}上周告诉了我们什么？',
  },
  businesses: {
    dental: {
      topics: ['后面的补牙掉了。', '手术以后我的牙龈一直出血。', '账单上有一张我没有拍过的X光片。'],
      scenarios: [
        {
          turns: [
            'user 您好，我是{name}，想问一下我的牙冠。',
            'agent 要什么色调的？',
            'user! {item}。',
            'agent 技工室明天开始做。',
          ],
          questions: ['{name}的牙冠选了什么颜色？'],
          items: [['暖一点的象牙白'], ['最浅的白色'], ['稍微偏黄']],
        },
        {
          turns: ['user! 打针之前要说明：我不能用{item}。我叫{name}。', 'agent 已经写进您的病历了。'],
          questions: ['{name}对什么过敏？', '哪位病人不能接触{asked}？'],
          items: [
            ['青霉素', '青霉素'],
            ['乳胶手套', '乳胶'],
            ['布洛芬', '布洛芬'],
          ],
        },
        {
          turns: [
            'user 我是{name}。做{item}我要付多少钱？',
            'agent! 用您的保险一共{n}欧元。',
            'user 可以接受。',
          ],
          questions: ['{name}的{asked}费用是多少？'],
          items: [
            ['牙齿美白', '美白牙齿'],
            ['夜间牙套', '防磨牙牙套'],
            ['专业洗牙', '去除牙石'],
          ],
        },
      ],
    },
    garage: {
      topics: ['发动机警示灯又亮了。', '有人在停车场划伤了车门。', '备用钥匙打不开后备箱。'],
      scenarios: [
        {
          turns: [
            'user 我是{name}。保险杠可以更换了。',
            'agent 要喷成什么样？',
            'user! {item}。',
            'agent 好的，我们去订油漆。',
          ],
          questions: ['{name}的新保险杠要什么颜色？'],
          items: [['深绿色'], ['和以前一样的银色'], ['哑光黑']],
        },
        {
          turns: ['user! 我是{name}。我的车{item}。', 'agent 请明天八点开过来。'],
          questions: ['{name}的车辆有什么问题？', '谁的车辆{asked}？'],
          items: [
            ['刹车的时候吱吱响', '刹车有噪音'],
            ['漏机油', '往地上滴机油'],
            ['天冷的时候打不着火', '冷天无法启动'],
          ],
        },
        {
          turns: [
            'user 我的车牌是{plate}。',
            'agent 这辆车要做什么？',
            'user! {item}。',
            'agent 星期三就好了。',
          ],
          questions: ['车辆{askedPlate}订了什么维修项目？'],
          items: [['换上冬季轮胎'], ['更换排气管'], ['给空调加氟']],
        },
      ],
    },
    law: {
      topics: ['对方提出支付一半。', '法院把开庭换到了另一个法庭。', '我找到了银行寄来的那封丢失的信。'],
      scenarios: [
        {
          turns: [
            'user 我是{name}，我想提起诉讼。',
            'agent 对方当事人是谁？',
            'user! {item}。',
            'agent 我们会核查有没有利益冲突。',
          ],
          questions: ['{name}想把谁告上法庭？'],
          items: [['我以前的雇主'], ['我公寓的房东'], ['一家旅行社']],
        },
        {
          turns: ['user! 我是{name}。我想好了：{item}。', 'agent 我会转告律师。'],
          questions: ['{name}作出了什么决定？', '谁想{asked}？'],
          items: [
            ['我接受和解', '达成和解'],
            ['我们对判决提出上诉', '推翻判决'],
            ['我撤回投诉', '放弃投诉'],
          ],
        },
        {
          turns: [
            'user 我是{name}。面谈的时候我要带些什么？',
            'agent! 请带上{item}。',
            'user 好的，我会带的。',
          ],
          questions: ['{name}咨询时需要哪些材料？'],
          items: [['劳动合同和最近三个月的工资单'], ['租房合同和损坏的照片'], ['事故报告和医院的账单']],
        },
      ],
    },
  },
}
